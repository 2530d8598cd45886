// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Text;

namespace Tare.Conformance.Build;

/// <summary>Repositories over http that want a credential: it goes to where it belongs and is seen nowhere else.</summary>
[Trait("ring", "kernel")]
public sealed class PrivateGitTests : IDisposable
{
    private const string Canary = "canary-7c2e91-token-of-git";

    private readonly BuildGround _ground = new();
    private readonly GitWebServer _server;
    private readonly GitWebServer _elsewhere;
    private readonly ConcurrentQueue<string> _seenArguments = [];
    private readonly string _address;

    public PrivateGitTests()
    {
        _server = new GitWebServer(Path.Combine(_ground.Tare.Folder, "git"));
        _elsewhere = new GitWebServer(Path.Combine(_ground.Tare.Folder, "elsewhere"));
        _address = _server.Repository("private", ("Dockerfile", "FROM busybox\nCOPY f /f\n"), ("f", "private"));
        _server.Wanted = Basic("x-access-token:" + Canary);
        _ground.Tare.Variables["TOKEN"] = Canary;
        _server.Before = _elsewhere.Before = (_, _) =>
        {
            NoteArguments();
            return Task.FromResult(false);
        };
    }

    public void Dispose()
    {
        _server.Dispose();
        _elsewhere.Dispose();
        _ground.Dispose();
    }

    [Fact]
    public void Without_a_token_the_way_to_give_one_is_told()
    {
        Outcome failed = _ground.Tare.Run("build", _address);

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("hint: give a token: --secret id=GIT_AUTH_TOKEN", failed.Error, StringComparison.Ordinal);
        Assert.All(_server.Seen, static one => Assert.Null(one.Authorization));
    }

    [Theory]
    [InlineData("id=GIT_AUTH_TOKEN,env=TOKEN")]
    [InlineData("id=GIT_AUTH_TOKEN.127.0.0.1,env=TOKEN")]
    [InlineData("id=GIT_AUTH_TOKEN.HOST,env=TOKEN")]
    [InlineData("id=GIT_AUTH_HEADER,env=HEADER")]
    [InlineData("id=GIT_AUTH_HEADER.HOST,env=HEADER")]
    public void A_token_opens_contexts_and_ADD_and_is_nowhere_afterwards(string secret)
    {
        _server.Wanted = secret.Contains("HEADER", StringComparison.Ordinal) ? "Bearer " + Canary : _server.Wanted;
        _ground.Tare.Variables["HEADER"] = "Bearer " + Canary;
        string[] flags = ["--network", "none", "--progress", "plain", "--provenance", "mode=max", "--explain", "--secret", secret.Replace("HOST", _server.Host, StringComparison.Ordinal)];
        string adding = _ground.Context($"FROM busybox\nADD {_address}#main /r\n");
        string said = _ground.Build(_address, [.. flags, "-t", "context", "--metadata-file", Path.Combine(_ground.Tare.Folder, "metadata")]);
        said += _ground.Build(adding, [.. flags, "-t", "added", "--cache-to", $"type=local,dest={_ground.Tare.Folder}/cache"]);

        Assert.Equal("private", _ground.Shell("context", "cat /f"));
        Assert.Equal("private", _ground.Shell("added", "cat /r/f; test ! -e /r/.git"));
        AssertNowhere(said);
        Assert.NotEmpty(_seenArguments);
    }

    [Fact]
    public void A_credential_of_the_address_is_nowhere_either()
    {
        _server.Wanted = Basic("me:" + Canary);
        string address = _address.Replace("http://", $"http://me:{Canary}@", StringComparison.Ordinal);

        string said = _ground.Build(address, "--network", "none", "--progress", "plain", "--provenance", "mode=max", "-t", "context");
        said += _ground.Build(
            _ground.Context("FROM busybox\nCOPY --from=src . /r\n"), "--network", "none", "--progress", "plain", "--provenance", "mode=max", "-t", "named",
            "--build-context", "src=" + address);
        said += _ground.Build(address, "-t", "kept", "--network", "none", "--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1");

        Assert.Equal("private", _ground.Shell("named", "cat /r/f"));
        AssertNowhere(said);
        Assert.Contains(_seenArguments, static one => one.Contains("git", StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_of_one_host_is_not_for_another()
    {
        Outcome failed = _ground.Tare.Run("build", "--secret", "id=GIT_AUTH_TOKEN.example.org,env=TOKEN", _address);

        Assert.Equal(1, failed.ExitCode);
        Assert.All(_server.Seen, static one => Assert.Null(one.Authorization));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public void A_redirect_is_not_followed_with_a_token(int code)
    {
        string target = _elsewhere.Repository("private", ("Dockerfile", "FROM busybox\n"));
        _server.Before = (context, _) =>
        {
            context.Response.StatusCode = code;
            context.Response.RedirectLocation = target + context.Request.Url!.PathAndQuery[context.Request.Url.PathAndQuery.IndexOf("/info", StringComparison.Ordinal)..];
            return Task.FromResult(true);
        };

        Outcome failed = _ground.Tare.Run("build", "--secret", "id=GIT_AUTH_TOKEN,env=TOKEN", _address);
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("hint: a token follows no redirect", failed.Error, StringComparison.Ordinal);
        Assert.Empty(_elsewhere.Seen);

        _server.Wanted = null;
        _ground.Build(_address, "--network", "none");
        Assert.NotEmpty(_elsewhere.Seen);
    }

    [Fact]
    public void A_submodule_elsewhere_gets_no_token()
    {
        string inner = _elsewhere.Repository("inner", ("deep", "public"));
        string own = _server.Repository("own", ("deep", "own"));
        string adding = _ground.Context($"FROM busybox\nADD {_server.Repository("outer", ("a", "1"))}#main /r\n");
        AddSubmodule("outer", "lib", inner, GitServer.Git(_elsewhere.TreeOf("inner"), "rev-parse", "HEAD").Trim());
        AddSubmodule("outer", "own", "../own.git", GitServer.Git(_server.TreeOf("own"), "rev-parse", "HEAD").Trim());

        _ground.Build(adding, "-t", "outer", "--network", "none", "--secret", "id=GIT_AUTH_TOKEN,env=TOKEN");

        Assert.Equal("public own", _ground.Shell("outer", "cat /r/lib/deep; echo -n ' '; cat /r/own/deep"));
        Assert.NotEmpty(_elsewhere.Seen);
        Assert.All(_elsewhere.Seen, static one => Assert.Null(one.Authorization));
        Assert.DoesNotContain(Canary, own, StringComparison.Ordinal);
    }

    [Fact]
    public void A_netrc_of_the_user_is_not_for_a_Dockerfile()
    {
        string home = Directory.CreateDirectory(Path.Combine(_ground.Tare.Folder, "home")).FullName;
        File.WriteAllText(home + "/.netrc", $"machine 127.0.0.1 login x-access-token password {Canary}\n");
        _ground.Tare.Variables["HOME"] = home;

        Outcome failed = _ground.Tare.Run("build", _ground.Context($"FROM scratch\nADD {_address}#main /r\n"));

        Assert.Equal(1, failed.ExitCode);
        Assert.All(_server.Seen, static one => Assert.Null(one.Authorization));
    }

    private static string Basic(string pair) => "basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private void AddSubmodule(string name, string path, string url, string commit)
    {
        string tree = _server.TreeOf(name);
        File.AppendAllText(Path.Combine(tree, ".gitmodules"), $"[submodule \"{path}\"]\n\tpath = {path}\n\turl = {url}\n");
        GitServer.Git(tree, "add", ".gitmodules");
        GitServer.Git(tree, "update-index", "--add", "--cacheinfo", $"160000,{commit},{path}");
        GitServer.Git(tree, "commit", "-q", "-m", "a submodule");
    }

    /// <summary>What every user of the host sees of the programs that fetch; the address is in our own arguments, as the user wrote it there.</summary>
    private void NoteArguments()
    {
        foreach (string folder in Directory.GetDirectories("/proc").Where(static folder => char.IsDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                string text = File.ReadAllText(folder + "/cmdline");
                if (!text.StartsWith(TareBinary.Path, StringComparison.Ordinal))
                {
                    _seenArguments.Enqueue(text);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // it has ended
            }
        }
    }

    private void AssertNowhere(string said)
    {
        string[] forms = [Canary, Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)), Basic("x-access-token:" + Canary)[6..], Basic("me:" + Canary)[6..]];
        string told = said + string.Concat(_ground.Tare.Run("history", "--no-trunc", "context").Text, _ground.Tare.Run("inspect", "context").Text, _ground.Tare.Run("builder", "du", "--verbose").Text);
        foreach (string form in forms)
        {
            Assert.DoesNotContain(form, told, StringComparison.Ordinal);
            Assert.DoesNotContain(_seenArguments, one => one.Contains(form, StringComparison.Ordinal));
            Assert.Empty(BuildGround.FilesWith(_ground.Tare.Folder, form));
        }
    }
}
