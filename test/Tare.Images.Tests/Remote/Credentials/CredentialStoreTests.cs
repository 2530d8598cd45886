// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Images.Remote.Credentials;
using Tare.Oci;

namespace Tare.Images.Tests.Remote.Credentials;

public sealed class CredentialStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-credentials-").FullName;

    private string FilePath => _folder + "/client/config.json";

    private CredentialFile File => new(FilePath);

    private CredentialStore Store => new(File, [$"PATH={_folder}:/usr/bin:/bin", $"KEPT={_folder}/kept"]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("r.example:5000", "r.example:5000")]
    [InlineData("docker.io", "https://index.docker.io/v1/")]
    public void What_is_kept_is_found_again_and_readable_for_its_owner_alone(string registry, string key)
    {
        string? file = Store.Store(registry, new Credential("user", "p:w \"ü\""));

        Assert.Equal(FilePath, file);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(FilePath));
        Assert.Equal(("user", "p:w \"ü\""), (Store.Find(registry)!.User, Store.Find(registry)!.Secret));
        Assert.Contains(key, System.IO.File.ReadAllText(FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_about_the_registry_stays_as_it_was()
    {
        Write(
            """
            {"HttpHeaders": {"X": "1"}, "auths": {"other.example": {"auth": "YTpi", "email": "x"}, "r.example": {"auth": "YTpi"}},
             "psFormat": "a+b<c>", "number": 1.50}
            """);

        Store.Store("r.example", new Credential("new", "er"));
        bool was = Store.Erase("r.example");

        JsonElement root = JsonDocument.Parse(System.IO.File.ReadAllText(FilePath)).RootElement;
        Assert.True(was);
        Assert.Equal(["HttpHeaders", "auths", "psFormat", "number"], root.EnumerateObject().Select(static m => m.Name));
        Assert.Equal("a+b<c>", root.GetProperty("psFormat").GetString());
        Assert.Equal("1.50", root.GetProperty("number").GetRawText());
        JsonProperty left = Assert.Single(root.GetProperty("auths").EnumerateObject());
        Assert.Equal(("other.example", "x"), (left.Name, left.Value.GetProperty("email").GetString()));
    }

    [Fact]
    public void A_logout_forgets_the_old_spellings_and_no_neighbour()
    {
        Write("""{"auths": {"https://r.example/v1/": {"auth": "YTpi"}, "r.example": {"auth": "YTpi"}, "r.example/team": {"auth": "YTpi"}, "r.example:5000": {"auth": "YTpi"}}}""");

        Assert.True(Store.Erase("r.example"));
        Assert.False(Store.Erase("absent.example"));

        string text = System.IO.File.ReadAllText(FilePath);
        Assert.DoesNotContain("\"r.example\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/v1/", text, StringComparison.Ordinal);
        Assert.Contains("\"r.example/team\"", text, StringComparison.Ordinal);
        Assert.Contains("\"r.example:5000\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_token_comes_back_as_one()
    {
        Store.Store("r.example", new Credential("user", "refresh", IsIdentityToken: true));

        Assert.Equal(new Credential("user", "refresh", IsIdentityToken: true), Store.Find("r.example"));
    }

    [Fact]
    public void A_link_stays_one_and_the_file_behind_it_is_written()
    {
        Write("""{"auths": {}}""");
        System.IO.File.CreateSymbolicLink(_folder + "/link.json", FilePath);

        new CredentialFile(_folder + "/link.json").Store("r.example", new Credential("user", "pw"));

        Assert.NotNull(new FileInfo(_folder + "/link.json").LinkTarget);
        Assert.Equal("user", File.Find("r.example")!.User);
    }

    [Fact]
    public async Task Of_many_logins_at_once_none_is_lost()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => Store.Store($"r{i}.example", new Credential($"user{i}", "pw")), TestContext.Current.CancellationToken)));

        Assert.All(Enumerable.Range(0, 16), i => Assert.Equal($"user{i}", Store.Find($"r{i}.example")?.User));
    }

    [Fact]
    public void A_helper_keeps_the_secret_and_the_file_only_that_there_is_one()
    {
        Write("""{"credsStore": "test"}""");
        Helper("test", """case $1 in store) cat > $KEPT ;; get) read key; grep -q "\"$key\"" $KEPT && cat $KEPT || { echo credentials not found in native keychain; exit 1; } ;; erase) rm $KEPT ;; esac""");

        string? file = Store.Store("r.example", new Credential("user", "s3cret"));
        Credential? found = Store.Find("r.example");
        Credential? other = Store.Find("other.example");
        bool was = Store.Erase("r.example");

        Assert.Null(file);
        Assert.Equal(new Credential("user", "s3cret"), found);
        Assert.Null(other);
        Assert.True(was);
        Assert.DoesNotContain("s3cret", System.IO.File.ReadAllText(FilePath), StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(_folder + "/kept"));
    }

    [Fact]
    public void A_helper_of_one_registry_goes_before_the_general_one_and_before_the_file()
    {
        Write("""{"credsStore": "absent", "credHelpers": {"r.example": "one", "docker.io": "one"}, "auths": {"r.example": {"auth": "YTpi"}}}""");
        Helper("one", """echo '{"ServerURL": "x", "Username": "<token>", "Secret": "t0ken"}'""");

        Assert.Equal(new Credential("", "t0ken", IsIdentityToken: true), Store.Find("r.example"));
        Assert.Equal(new Credential("", "t0ken", IsIdentityToken: true), Store.Find("docker.io"));
        Fails(ErrorKind.NotFound, "docker-credential-absent: not found in PATH", () => Store.Find("other.example"));
    }

    [Theory]
    [InlineData("echo locked; exit 1", ErrorKind.FailedPrecondition, "get: \"locked\"")]
    [InlineData("exit 3", ErrorKind.FailedPrecondition, "get: failed")]
    [InlineData("echo no JSON", ErrorKind.Corrupt, "its answer is not what docker's helpers say")]
    [InlineData("cat /dev/zero", ErrorKind.ResourceExhausted, "says more than 1048576 bytes")]
    [InlineData("kill -9 $$", ErrorKind.FailedPrecondition, "get: failed")]
    public void A_helper_that_fails_is_an_error_that_names_it(string script, ErrorKind kind, string words)
    {
        Write("""{"credsStore": "bad"}""");
        Helper("bad", script);

        Fails(kind, "credential helper docker-credential-bad: " + words, () => Store.Find("r.example"));
    }

    [Fact]
    public void A_helper_that_never_answers_is_ended()
    {
        Helper("slow", $"echo $$ > {_folder}/pid; exec sleep 100");
        var helper = new CredentialProgram("slow", [$"PATH={_folder}:/usr/bin:/bin"], TimeSpan.FromMilliseconds(500));

        Fails(ErrorKind.Unavailable, "credential helper docker-credential-slow: no answer in 0.5 s", () => helper.Get("r.example"));

        Assert.False(Directory.Exists("/proc/" + System.IO.File.ReadAllText(_folder + "/pid").Trim()));
    }

    [Fact]
    public void What_a_helper_leaves_running_does_not_hold_us()
    {
        Write("""{"credsStore": "agent"}""");
        Helper("agent", """sleep 30 & echo '{"Username": "u", "Secret": "s"}'; echo $! > $KEPT""");
        long start = Environment.TickCount64;

        Assert.Equal("u", Store.Find("r.example")?.User);

        Assert.True(Environment.TickCount64 - start < 20_000);
        System.Diagnostics.Process.GetProcessById(int.Parse(System.IO.File.ReadAllText(_folder + "/kept"), null)).Kill();
    }

    [Fact]
    public void A_name_that_leads_elsewhere_is_no_helper()
    {
        Write("""{"credsStore": "../../bin/sh"}""");

        Fails(ErrorKind.InvalidArgument, "is no name of a credential helper", () => Store.Find("r.example"));
    }

    private static void Fails(ErrorKind kind, string words, Action act)
    {
        TareException e = Assert.Throws<TareException>(act);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal(kind, e.Kind);
    }

    private void Helper(string name, string script)
    {
        string path = $"{_folder}/docker-credential-{name}";
        System.IO.File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(_folder + "/client");
        System.IO.File.WriteAllText(FilePath, text);
    }
}
