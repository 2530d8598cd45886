// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tare.Oci;
using Tare.Server.Registry;
using Tare.Server.Registry.Access;

namespace Tare.Server.Tests.Registry.Access;

public sealed class GateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-gate-").FullName;

    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        await using Served served = await StartAsync(null, anonymousPull: false);
        using HttpResponseMessage bare = await served.GetAsync("/v2/");
        Assert.Equal(HttpStatusCode.Unauthorized, bare.StatusCode);
        Assert.StartsWith("Basic realm=", Served.Header(bare, "WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal("UNAUTHORIZED", await Served.CodeAsync(bare));
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/metrics")).StatusCode);

        foreach ((string user, string password) in new[] { ("alice", "wrong"), ("nobody", "secret"), ("", "") })
        {
            served.Client.DefaultRequestHeaders.Authorization = Served.Basic(user, password);
            Assert.Equal(HttpStatusCode.Unauthorized, (await served.GetAsync("/v2/")).StatusCode);
        }

        served.Client.DefaultRequestHeaders.Authorization = Served.Basic("alice", "secret");
        Assert.Equal(HttpStatusCode.OK, (await served.GetAsync("/v2/")).StatusCode);
        await served.PushImageAsync("app", "v1");
        Assert.DoesNotContain("secret", served.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rights_are_of_user_and_repository()
    {
        await using Served served = await StartAsync("alice team/* pull,push\nbob * pull\n* free pull,push,delete\n", false);
        served.Client.DefaultRequestHeaders.Authorization = Served.Basic("alice", "secret");
        byte[] manifest = await served.PushImageAsync("team/app", "v1");
        await served.PushImageAsync("free", "v1");

        Assert.Equal(403, await StatusAsync(served, HttpMethod.Delete, $"/v2/team/app/manifests/{Served.DigestOf(manifest)}"));
        Assert.Equal(403, await StatusAsync(served, HttpMethod.Post, "/v2/teams/blobs/uploads/"));
        Assert.Equal(202, await StatusAsync(served, HttpMethod.Delete, "/v2/free/manifests/v1"));

        served.Client.DefaultRequestHeaders.Authorization = Served.Basic("bob", "secret");
        Assert.Equal(200, await StatusAsync(served, HttpMethod.Get, "/v2/team/app/manifests/v1"));
        Assert.Equal(403, await StatusAsync(served, HttpMethod.Put, "/v2/team/app/manifests/v1"));

        served.Client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(401, await StatusAsync(served, HttpMethod.Get, "/v2/team/app/manifests/v1"));
    }

    [Fact]
    public async Task A_blob_is_not_mounted_from_where_the_caller_may_not_pull()
    {
        await using Served served = await StartAsync("alice secret/app push,pull\nbob open pull,push\n", false);
        served.Client.DefaultRequestHeaders.Authorization = Served.Basic("alice", "secret");
        string digest = await served.PushBlobAsync("secret/app", [1, 2]);

        served.Client.DefaultRequestHeaders.Authorization = Served.Basic("bob", "secret");
        Assert.Equal(202, await StatusAsync(
            served, HttpMethod.Post, $"/v2/open/blobs/uploads/?mount={digest}&from=secret/app"));
        Assert.DoesNotContain("secret/app", await served.TextAsync("/v2/_catalog"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_pull_is_pull_alone()
    {
        await using Served served = await StartAsync(null, anonymousPull: true);
        served.Client.DefaultRequestHeaders.Authorization = Served.Basic("alice", "secret");
        await served.PushImageAsync("app", "v1");
        served.Client.DefaultRequestHeaders.Authorization = null;

        Assert.Equal(200, await StatusAsync(served, HttpMethod.Get, "/v2/"));
        Assert.Equal(200, await StatusAsync(served, HttpMethod.Get, "/v2/app/manifests/v1"));
        Assert.Equal(401, await StatusAsync(served, HttpMethod.Post, "/v2/app/blobs/uploads/"));
        Assert.Equal(401, await StatusAsync(served, HttpMethod.Delete, "/v2/app/manifests/v1"));
    }

    [Theory]
    [InlineData("alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=")]
    [InlineData("alice")]
    [InlineData("alice:$2y$31$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Other_password_files_are_refused_by_line(string line)
    {
        TareException refused = Assert.Throws<TareException>(() => PasswordFile.Read(Write("bad", "# users\n" + line)));
        Assert.Contains("line 2", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice app")]
    [InlineData("alice app pull,fly")]
    [InlineData("alice App pull")]
    [InlineData("alice a*b pull")]
    public void Other_rights_are_refused_by_line(string line) =>
        Assert.Throws<TareException>(() => RightsFile.Read(Write("bad", line)));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<int> StatusAsync(Served served, HttpMethod method, string path)
    {
        using HttpResponseMessage response = await served.SendAsync(method, path);
        return (int)response.StatusCode;
    }

    private Task<Served> StartAsync(string? rights, bool anonymousPull)
    {
        string hash = BCrypt.Net.BCrypt.HashPassword("secret", 4).Replace("$2a$", "$2y$", StringComparison.Ordinal);
        return Served.StartAsync(change: options => options with
        {
            Passwords = Write("users", $"alice:{hash}\nbob:{hash}\n"),
            Rights = rights is null ? null : Write("rights", rights),
            AnonymousPull = anonymousPull,
        });
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }
}
