// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>Images travel between Tare, skopeo and Debian's docker-registry without a byte changed.</summary>
public sealed partial class PullTests(DockerRegistry registry) : IClassFixture<DockerRegistry>, IDisposable
{
    private readonly TareBinary _tare = new();
    private readonly string _repository = $"{registry.Name}/some/{Guid.NewGuid():N}";

    public void Dispose() => _tare.Dispose();

    [Fact]
    public void What_skopeo_pushed_is_pulled_in_dockers_words()
    {
        string digest = PushBySkopeo("1");

        string first = _tare.Succeed("pull", $"{_repository}:1");
        string second = _tare.Succeed("pull", $"{_repository}:1");

        string layer = Layer().Match(first).Value;
        Assert.Equal(
            [
                $"1: Pulling from {Path}", $"{layer}: Pulling fs layer", $"{layer}: Download complete", $"{layer}: Pull complete",
                $"Digest: {digest}", $"Status: Downloaded newer image for {_repository}:1", $"{_repository}:1",
            ],
            Lines(first));
        Assert.Equal(
            [
                $"1: Pulling from {Path}", $"{layer}: Already exists", $"Digest: {digest}",
                $"Status: Image is up to date for {_repository}:1", $"{_repository}:1",
            ],
            Lines(second));
    }

    [Fact]
    public void By_digest_exactly_that_image_comes()
    {
        string digest = PushBySkopeo("1");

        Assert.Equal($"{_repository}@{digest}\n", _tare.Succeed("pull", "-q", $"{_repository}@{digest}"));
        _tare.Succeed("image", "inspect", $"{_repository}@{digest}");
    }

    [Fact]
    public void Without_a_tag_it_is_latest_and_all_tags_are_all()
    {
        PushBySkopeo("latest");
        PushBySkopeo("2");

        Assert.StartsWith("Using default tag: latest\n", _tare.Succeed("pull", _repository), StringComparison.Ordinal);
        Assert.EndsWith(
            $"Status: Downloaded newer image for {_repository}\n{_repository}\n", _tare.Succeed("pull", "-a", _repository), StringComparison.Ordinal);
        _tare.Succeed("image", "inspect", $"{_repository}:2");
    }

    [Theory]
    [InlineData("the registry has no such image", "{0}:absent")]
    [InlineData("the registry has no such image", "{0}@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("no image for the platform linux/s390x", "--platform", "linux/s390x", "{0}:1")]
    [InlineData("tag can't be used with --all-tags/-a", "-a", "{0}:1")]
    [InlineData("connection refused", "localhost:1/app")]
    public void What_cannot_be_pulled_says_so(string words, params string[] args)
    {
        PushBySkopeo("1");

        Outcome outcome = _tare.Run(["pull", .. args.Select(a => a.Replace("{0}", _repository, StringComparison.Ordinal))]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_pushed_comes_back_with_the_same_digest()
    {
        _tare.Run(["load"], SampleImages.DockerArchive($"{_repository}:1", ("a", "text"), ("b", "more")));

        string pushed = _tare.Succeed("push", $"{_repository}:1");

        string digest = Digest().Match(pushed).Value;
        Assert.StartsWith($"The push refers to repository [{_repository}]\n", pushed, StringComparison.Ordinal);
        Assert.Contains(": Pushed\n", pushed, StringComparison.Ordinal);
        Assert.Contains($"1: digest: {digest} size: ", pushed, StringComparison.Ordinal);
        Assert.Equal(digest, DockerRegistry.Skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{_repository}:1").Trim());
        using var other = new TareBinary();
        Assert.Contains($"Digest: {digest}\n", other.Succeed("pull", $"{_repository}:1"), StringComparison.Ordinal);
        Assert.Equal(Id(_tare), Id(other));
    }

    [Fact]
    public void What_the_registry_has_is_not_sent_again()
    {
        _tare.Run(["load"], SampleImages.DockerArchive($"{_repository}:1", ("a", Guid.NewGuid().ToString())));
        _tare.Succeed("push", $"{_repository}:1");
        _tare.Succeed("tag", $"{_repository}:1", $"{_repository}-other:1");

        Assert.Contains(": Layer already exists\n", _tare.Succeed("push", $"{_repository}:1"), StringComparison.Ordinal);
        Assert.Contains($": Mounted from {Path}\n", _tare.Succeed("push", $"{_repository}-other:1"), StringComparison.Ordinal);
        Assert.Equal($"{_repository}:1\n", _tare.Succeed("push", "-q", $"{_repository}:1"));
    }

    [Fact]
    public void What_is_not_here_cannot_be_pushed()
    {
        Outcome outcome = _tare.Run("push", $"{_repository}:absent");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"An image does not exist locally with the tag: {_repository}:absent", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_fetches_what_is_missing_and_tells_on_standard_error()
    {
        using (var other = new TareBinary())
        {
            Assert.Equal(0, other.Run(["import", "-", $"{_repository}:1"], BusyboxTar.Bytes).ExitCode);
            other.Succeed("push", $"{_repository}:1");
        }

        Outcome missing = _tare.Run("run", "--rm", $"{_repository}:1", "echo", "hello");
        Outcome always = _tare.Run("run", "--rm", "--pull", "always", $"{_repository}:1", "echo", "hello");
        Outcome quiet = _tare.Run("run", "--rm", "--pull", "always", "-q", $"{_repository}:1", "echo", "hello");

        Assert.Equal([(0, "hello\n"), (0, "hello\n"), (0, "hello\n")], new[] { missing, always, quiet }.Select(static o => (o.ExitCode, o.Text)));
        Assert.StartsWith($"Unable to find image '{_repository}:1' locally\n1: Pulling from {Path}\n", missing.Error, StringComparison.Ordinal);
        Assert.EndsWith($"Status: Image is up to date for {_repository}:1\n", always.Error, StringComparison.Ordinal);
        Assert.Equal("", quiet.Error);
        Outcome absent = _tare.Run("run", "--rm", $"{_repository}:absent", "true");
        Assert.Equal((125, ""), (absent.ExitCode, absent.Text));
        Assert.Contains("the registry has no such image", absent.Error, StringComparison.Ordinal);
    }

    private string Path => _repository[(_repository.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private string PushBySkopeo(string tag)
    {
        string archive = System.IO.Path.Combine(_tare.Folder, $"{Guid.NewGuid():N}.tar");
        File.WriteAllBytes(archive, SampleImages.DockerArchive("sample:1", ("file", "text of " + _repository)));
        DockerRegistry.Skopeo("copy", "-q", "--dest-tls-verify=false", $"docker-archive:{archive}", $"docker://{_repository}:{tag}");
        return DockerRegistry.Skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{_repository}:{tag}").Trim();
    }

    private string Id(TareBinary tare) => tare.Succeed("image", "inspect", "-f", "{{.Id}}", $"{_repository}:1");

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    [GeneratedRegex("(?m)^[0-9a-f]{12}(?=: )")]
    private static partial Regex Layer();

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();
}
