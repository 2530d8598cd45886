// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Images.Remote.Credentials;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

public class LoginTests
{
    private const string Right = "Basic dXNlcjpzM2NyZXQ=";
    private static readonly RegistryOptions Impatient = RegistryOptions.Default with
    {
        Stall = TimeSpan.FromSeconds(1),
        Attempts = 2,
        Backoff = TimeSpan.FromMilliseconds(1),
    };

    [Theory]
    [InlineData("s3cret", true)]
    [InlineData("wrong", false)]
    public async Task A_registry_with_passwords_is_asked_for_them(string password, bool isRight)
    {
        using var registry = new EvilRegistry(static r => r.Authorization == Right
            ? EvilAnswer.Text("{}")
            : EvilAnswer.Of(401, ("WWW-Authenticate", "Basic realm=x")));

        await CheckAsync(registry, password, isRight);

        Assert.All(registry.Seen, static r => Assert.Equal("/v2/", r.Path));
    }

    [Theory]
    [InlineData("s3cret", true)]
    [InlineData("wrong", false)]
    public async Task One_with_a_token_server_is_asked_there(string password, bool isRight)
    {
        EvilRegistry? registry = null;
        registry = new EvilRegistry(r => r.Path.StartsWith("/token", StringComparison.Ordinal)
            ? r.Authorization == Right ? EvilAnswer.Text("""{"token":"t"}""") : EvilAnswer.Of(401)
            : r.Authorization == "Bearer t" ? EvilAnswer.Text("{}")
            : EvilAnswer.Of(401, ("WWW-Authenticate", $"Bearer realm=\"http://{registry!.Name}/token\",service=s")));
        using (registry)
        {
            await CheckAsync(registry, password, isRight);
            Assert.Contains(registry.Seen, static r => r.Path.StartsWith("/token?service=s&account=user&client_id=tare&offline_token=true", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_identity_token_takes_the_place_of_the_password()
    {
        EvilRegistry? registry = null;
        registry = new EvilRegistry(r => r.Path.StartsWith("/token", StringComparison.Ordinal)
            ? EvilAnswer.Text("""{"token":"t","refresh_token":"identity"}""")
            : r.Authorization == "Bearer t" ? EvilAnswer.Text("{}")
            : EvilAnswer.Of(401, ("WWW-Authenticate", $"Bearer realm=\"http://{registry!.Name}/token\"")));
        using (registry)
        {
            Credential kept = await LoginAsync(registry, "s3cret");
            Assert.Equal(new Credential("user", "identity", IsIdentityToken: true), kept);
        }
    }

    [Fact]
    public async Task A_registry_that_is_not_there_says_so()
    {
        var gone = new EvilRegistry(static _ => EvilAnswer.Of(500));
        gone.Dispose();

        TareException e = await Assert.ThrowsAsync<TareException>(() => LoginAsync(gone, "pw", gone.Name));

        Assert.Equal(ErrorKind.Unavailable, e.Kind);
        Assert.Equal($"login {gone.Name}: {gone.Name}: connection refused", e.Message);
    }

    [Theory]
    [InlineData(null, "docker.io")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("https://r.example/v2/", "r.example")]
    [InlineData("localhost:5000", "localhost:5000")]
    public void A_server_may_be_written_as_an_address(string? text, string registry) =>
        Assert.Equal(registry, RegistryKey.Parse(text));

    [Fact]
    public void What_is_no_server_is_refused() => Assert.Throws<TareException>(static () => RegistryKey.Parse("no server"));

    private static async Task CheckAsync(EvilRegistry registry, string password, bool isRight)
    {
        if (isRight)
        {
            Assert.Equal(new Credential("user", password), await LoginAsync(registry, password));
            return;
        }
        TareException e = await Assert.ThrowsAsync<TareException>(() => LoginAsync(registry, password));
        Assert.Equal((ErrorKind.Unauthenticated, $"login {registry.Name}: incorrect username or password"), (e.Kind, e.Message));
    }

    private static Task<Credential> LoginAsync(EvilRegistry registry, string password, string? name = null) => Login.CheckAsync(
        name ?? registry.Name, new Credential("user", password), Impatient, TestContext.Current.CancellationToken);
}
