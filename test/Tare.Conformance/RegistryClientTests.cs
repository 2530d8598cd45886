// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>Who one is at registries, and what else than pull and push there is to do with them.</summary>
public sealed class RegistryClientTests(DockerRegistry registry) : IClassFixture<DockerRegistry>, IDisposable
{
    /// <summary>The bcrypt hash of "s3cret".</summary>
    private const string Passwords = "user:$2y$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK\n";

    private readonly TareBinary _tare = new();
    private readonly string _repository = $"{registry.Name}/some/{Guid.NewGuid():N}";

    public void Dispose() => _tare.Dispose();

    [Fact]
    public void Who_logged_in_may_push_and_who_logged_out_may_not()
    {
        string config = Directory.CreateDirectory($"{_tare.Folder}/client").FullName;
        File.WriteAllText($"{_tare.Folder}/passwords", Passwords);
        using Conversation server = _tare.Start(
            TareBinary.Path, "registry", "serve", "--addr", "127.0.0.1:0", "--storage", $"{_tare.Folder}/registry",
            "--htpasswd", $"{_tare.Folder}/passwords");
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        string name = server.Said[from..].Trim();
        _tare.Run(["load"], SampleImages.DockerArchive($"{name}/app:1", ("a", "text")));

        Outcome stranger = _tare.Run("--config", config, "push", $"{name}/app:1");
        Outcome wrong = _tare.Run(["--config", config, "login", "-u", "user", "--password-stdin", name], "wrong\n"u8.ToArray());
        Outcome right = _tare.Run(["--config", config, "login", "-u", "user", "--password-stdin", name], "s3cret\n"u8.ToArray());
        Outcome again = _tare.Run("--config", config, "login", name);
        Outcome known = _tare.Run("--config", config, "push", $"{name}/app:1");
        Outcome gone = _tare.Run("--config", config, "logout", $"http://{name}/");
        Outcome strangerAgain = _tare.Run("--config", config, "push", $"{name}/app:1");

        Assert.Contains("access denied", stranger.Error, StringComparison.Ordinal);
        Assert.Equal((1, $"tare: login {name}: incorrect username or password\n"), (wrong.ExitCode, wrong.Error));
        Assert.Equal((0, "Login Succeeded\n"), (right.ExitCode, right.Text));
        Assert.Contains($"stored unencrypted in '{config}/config.json'", right.Error, StringComparison.Ordinal);
        Assert.Equal("Authenticating with existing credentials... [Username: user]\nLogin Succeeded\n", again.Text);
        Assert.True(known.ExitCode == 0, known.Error);
        Assert.Equal($"Removing login credentials for {name}\n", gone.Text);
        Assert.Equal(1, strangerAgain.ExitCode);
        server.Signal("TERM");
        server.End();
    }

    [Fact]
    public void A_password_is_asked_for_and_not_shown()
    {
        string config = Directory.CreateDirectory($"{_tare.Folder}/client").FullName;

        Outcome outcome = _tare.RunOnTerminal(
            24, 80, ["--config", config, "login", "-u", "user", registry.Name], "Password: ", "s3crex\u007ft\r");

        Assert.True(outcome.ExitCode == 0, outcome.Text);
        Assert.DoesNotContain("s3cre", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("Login Succeeded", outcome.Text, StringComparison.Ordinal);
        string auth = JsonDocument.Parse(File.ReadAllText($"{config}/config.json")).RootElement
            .GetProperty("auths").GetProperty(registry.Name).GetProperty("auth").GetString()!;
        Assert.Equal("user:s3cret", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(auth)));
    }

    [Theory]
    [InlineData("cannot perform an interactive login from a non TTY device", "login", "r.invalid")]
    [InlineData("Must provide --username with --password-stdin", "login", "--password-stdin", "r.invalid")]
    [InlineData("--password and --password-stdin are mutually exclusive", "login", "-u", "a", "-p", "b", "--password-stdin", "r.invalid")]
    [InlineData("is no place for images", "copy", "a", "b")]
    [InlineData("--platform and --all-platforms are mutually exclusive", "pull", "--all-platforms", "--platform", "linux/arm64", "a")]
    [InlineData("tag can't be used with --all-tags/-a", "push", "-a", "a:1")]
    [InlineData("this registry offers no search", "search", "{0}/x")]
    [InlineData("the registry has no such repository", "tags", "{0}/absent")]
    [InlineData("the registry has no such image", "manifest", "inspect", "{0}/absent")]
    public void What_is_asked_wrongly_is_refused(string words, params string[] args)
    {
        string config = Directory.CreateDirectory($"{_tare.Folder}/client").FullName;

        Outcome outcome = _tare.Run(["--config", config, .. args.Select(a => a.Replace("{0}", registry.Name, StringComparison.Ordinal))]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_keep_the_digest_through_every_kind_of_place_and_skopeo_reads_them()
    {
        _tare.Run(["load"], SampleImages.DockerArchive("app:1", ("a", "text"), ("b", "more")));
        string digest = _tare.Succeed("copy", "-q", "store:app:1", $"docker://{_repository}:1").Trim();
        string folder = _tare.Folder;
        string[] stations = [$"docker://{_repository}:1", $"oci:{folder}/layout:1", $"oci-archive:{folder}/o.tar:1", $"docker-archive:{folder}/d.tar:app:2", "store:back:1", $"docker://{_repository}:2"];

        foreach ((string from, string to) in stations.Zip(stations[1..]))
        {
            Assert.Equal(digest + "\n", _tare.Succeed("copy", "-q", from, to));
        }

        Assert.Equal(digest, DigestBySkopeo($"docker://{_repository}:2", "--tls-verify=false"));
        Assert.Equal(digest, DigestBySkopeo($"oci:{folder}/layout:1"));
        Assert.Equal(digest, DigestBySkopeo($"oci-archive:{folder}/o.tar:1"));
        Assert.Equal(["1", "2"], _tare.Succeed("tags", _repository).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        DockerRegistry.Skopeo("copy", $"docker-archive:{folder}/d.tar:app:2", $"oci:{folder}/by-skopeo:3");
        Assert.StartsWith("sha256:", _tare.Succeed("copy", "-q", $"oci:{folder}/by-skopeo:3", "store:three"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_is_shown_byte_for_byte_or_in_dockers_shape()
    {
        _tare.Run(["load"], SampleImages.DockerArchive($"{_repository}:1", ("a", "text")));
        string digest = Regex.Match(_tare.Succeed("push", $"{_repository}:1"), "sha256:[0-9a-f]{64}").Value;

        Outcome plain = _tare.Run("manifest", "inspect", $"{_repository}:1");
        JsonElement verbose = JsonDocument.Parse(_tare.Succeed("manifest", "inspect", "-v", $"{_repository}:1")).RootElement;

        Assert.Equal(digest, "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(plain.Output)));
        Assert.Equal(["Ref", "Descriptor", "Raw", "OCIManifest"], verbose.EnumerateObject().Select(static m => m.Name));
        Assert.Equal(digest, verbose.GetProperty("Descriptor").GetProperty("digest").GetString());
        Assert.Equal("amd64", verbose.GetProperty("Descriptor").GetProperty("platform").GetProperty("architecture").GetString());
        Assert.Equal(plain.Output, verbose.GetProperty("Raw").GetBytesFromBase64());
    }

    [Fact]
    public void All_tags_go_at_once()
    {
        _tare.Run(["load"], SampleImages.DockerArchive($"{_repository}:1", ("a", "text")));
        _tare.Succeed("tag", $"{_repository}:1", $"{_repository}:2");

        string said = _tare.Succeed("push", "-a", _repository);

        Assert.Matches("(?s)\n1: digest: sha256:.*\n2: digest: sha256:", said);
        Assert.Equal(["1", "2"], _tare.Succeed("tags", _repository).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public void On_a_terminal_a_layer_has_one_line()
    {
        _tare.Run(["load"], SampleImages.DockerArchive($"{_repository}:1", ("a", "text")));
        _tare.Succeed("push", $"{_repository}:1");
        _tare.Succeed("rmi", $"{_repository}:1");

        Outcome outcome = _tare.RunOnTerminal(24, 100, ["pull", $"{_repository}:1"]);

        Assert.Contains(": Pulling fs layer\r\n\e[1A\r\e[2K", outcome.Text, StringComparison.Ordinal);
        Assert.Matches(": Pull complete\r\e\\[1BDigest: sha256:", outcome.Text);
    }

    private static string DigestBySkopeo(string place, params string[] flags) =>
        DockerRegistry.Skopeo(["inspect", "--format", "{{.Digest}}", .. flags, place]).Trim();
}
