// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Images.Remote.Credentials;
using Tare.Oci;

namespace Tare.Images.Tests.Remote;

/// <summary>security.md A.6: whatever a registry says, nobody else learns a credential or a token.</summary>
public class EvilCredentialTests
{
    private const string Basic = "Basic dXNlcjpzM2NyZXQ=";
    private static readonly EvilImage Image = EvilImage.Usual;
    private static readonly Credential Known = new("user", "s3cret");

    [Fact]
    public async Task A_basic_challenge_is_answered()
    {
        using var pull = new EvilPull(WantsBasic(Image.Serve)) { Credential = Known };

        await pull.RunAsync();

        Assert.Contains(pull.Registry.Seen, static r => r.Authorization == Basic);
    }

    [Fact]
    public async Task Nothing_is_sent_before_it_is_asked_for()
    {
        using var pull = new EvilPull(Image.Serve) { Credential = Known };

        await pull.RunAsync();

        Assert.All(pull.Registry.Seen, static r => Assert.Null(r.Authorization));
    }

    [Fact]
    public async Task Wrong_credentials_are_said_once()
    {
        using var pull = new EvilPull(_ => EvilAnswer.Of(401, ("WWW-Authenticate", "Basic realm=x"))) { Credential = Known };

        TareException e = await pull.FailsAsync(ErrorKind.Unauthenticated, "access denied");

        Assert.Contains("tare login", e.Hint!, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
        Assert.Single(pull.Registry.Seen, static r => r.Authorization is not null);
    }

    [Fact]
    public async Task A_token_is_asked_for_with_the_scope_that_we_want()
    {
        EvilPull? self = null;
        using var pull = new EvilPull(r => Bearer(self!, r, "repository:secret:pull,push")) { Credential = Known };
        self = pull;

        await pull.RunAsync();

        EvilRequest token = Assert.Single(pull.Registry.Seen, static r => r.Path.StartsWith("/token", StringComparison.Ordinal));
        Assert.Equal("/token?service=s&scope=repository%3Aapp%3Apull&account=user", token.Path);
        Assert.Equal(Basic, token.Authorization);
        Assert.All(
            pull.Registry.Seen.Where(static r => r.Path.StartsWith("/v2/app/", StringComparison.Ordinal)),
            static r => Assert.True(r.Authorization is null or "Bearer t0ken"));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_to_another_origin_carries_nothing(int code)
    {
        using var other = new EvilRegistry(Image.Serve);
        using var pull = new EvilPull(WantsBasic(Image.But(r => EvilAnswer.Of(code, ("Location", $"http://{other.Name}{r.Path}")))))
        {
            Credential = Known,
        };

        await pull.RunAsync();

        Assert.NotEmpty(other.Seen);
        Assert.All(other.Seen, static r => Assert.Null(r.Authorization));
    }

    [Fact]
    public async Task A_challenge_of_another_origin_is_not_answered()
    {
        using var other = new EvilRegistry(_ => EvilAnswer.Of(401, ("WWW-Authenticate", "Basic realm=x")));
        using var pull = new EvilPull(WantsBasic(Image.But(r => EvilAnswer.Of(307, ("Location", $"http://{other.Name}{r.Path}")))))
        {
            Credential = Known,
        };

        await pull.FailsAsync(ErrorKind.Unauthenticated, "access denied");

        Assert.All(other.Seen, static r => Assert.Null(r.Authorization));
    }

    [Fact]
    public async Task A_redirect_back_home_is_not_challenged_into_answers()
    {
        EvilPull? self = null;
        using var other = new EvilRegistry(_ => EvilAnswer.Of(307, ("Location", $"http://{self!.Registry.Name}/trap")));
        using var pull = new EvilPull(r => r.Path == "/trap"
            ? EvilAnswer.Of(401, ("WWW-Authenticate", "Basic realm=x"))
            : Image.But(q => EvilAnswer.Of(307, ("Location", $"http://{other.Name}{q.Path}")))(r))
        {
            Credential = Known,
        };
        self = pull;

        await pull.FailsAsync(ErrorKind.Unauthenticated, "access denied");

        Assert.All(pull.Registry.Seen, static r => Assert.Null(r.Authorization));
    }

    [Theory]
    [InlineData("http://localhost:{0}/token", ErrorKind.PermissionDenied)]
    [InlineData("http://user:pw@127.0.0.1:{0}/token", ErrorKind.Corrupt)]
    [InlineData("file:///etc/passwd", ErrorKind.Corrupt)]
    [InlineData("/token", ErrorKind.Corrupt)]
    [InlineData("", ErrorKind.Corrupt)]
    public async Task A_realm_where_credentials_have_no_business_is_refused(string realm, ErrorKind kind)
    {
        using var other = new EvilRegistry(_ => EvilAnswer.Text("""{"token":"x"}"""));
        string port = other.Name.Split(':')[1];
        string at = realm.Replace("{0}", port, StringComparison.Ordinal);
        using var pull = new EvilPull(_ => EvilAnswer.Of(401, ("WWW-Authenticate", $"Bearer realm=\"{at}\",service=s"))) { Credential = Known };

        await pull.FailsAsync(kind, "token server");

        Assert.Empty(other.Seen);
    }

    [Fact]
    public async Task A_token_server_that_leads_elsewhere_is_not_followed()
    {
        using var other = new EvilRegistry(_ => EvilAnswer.Text("""{"token":"x"}"""));
        EvilPull? self = null;
        using var pull = new EvilPull(r => r.Path.StartsWith("/token", StringComparison.Ordinal)
            ? EvilAnswer.Of(307, ("Location", $"http://{other.Name}/token"))
            : Challenge(self!, "repository:app:pull"))
        {
            Credential = Known,
        };
        self = pull;

        await pull.FailsAsync(ErrorKind.FailedPrecondition, "answered 307");

        Assert.Empty(other.Seen);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"token":"a\r\nX-Evil: 1"}""")]
    [InlineData("""{"token":5}""")]
    [InlineData("[")]
    public async Task What_is_no_token_is_refused(string answer)
    {
        EvilPull? self = null;
        using var pull = new EvilPull(r => r.Path.StartsWith("/token", StringComparison.Ordinal)
            ? EvilAnswer.Text(answer)
            : Challenge(self!, "x"));
        self = pull;

        await pull.FailsAsync(ErrorKind.Corrupt, "its answer holds no token");
    }

    [Fact]
    public async Task A_token_without_end_is_refused()
    {
        EvilPull? self = null;
        using var pull = new EvilPull(r => r.Path.StartsWith("/token", StringComparison.Ordinal)
            ? EvilAnswer.Text("{\"token\":\"" + new string('x', RegistryOptions.MaxTokenBytes) + "\"}")
            : Challenge(self!, "x"));
        self = pull;

        await pull.FailsAsync(ErrorKind.ResourceExhausted, "more than 262144 bytes");
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        using var pull = new EvilPull(r => EvilAnswer.Of(302, ("Location", r.Path)));

        await pull.FailsAsync(ErrorKind.Corrupt, "without end");
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_to_what_is_no_web_server_is_refused(string target)
    {
        using var pull = new EvilPull(_ => EvilAnswer.Of(302, ("Location", target)));

        await pull.FailsAsync(ErrorKind.PermissionDenied, "not trusted");
    }

    private static Func<EvilRequest, EvilAnswer> WantsBasic(Func<EvilRequest, EvilAnswer> inner) => request =>
        request.Authorization == Basic ? inner(request) : EvilAnswer.Of(401, ("WWW-Authenticate", "Basic realm=\"x\""));

    private static EvilAnswer Bearer(EvilPull self, EvilRequest request, string scope) =>
        request.Path.StartsWith("/token", StringComparison.Ordinal) ? EvilAnswer.Text("""{"access_token":"t0ken"}""")
        : request.Authorization == "Bearer t0ken" ? Image.Serve(request)
        : Challenge(self, scope);

    private static EvilAnswer Challenge(EvilPull self, string scope) => EvilAnswer.Of(
        401, ("WWW-Authenticate", $"Bearer realm=\"http://{self.Registry.Name}/token\",service=\"s\",scope=\"{scope}\""));
}
