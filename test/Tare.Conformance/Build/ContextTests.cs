// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Build;

/// <summary>Contexts that are no folder: addresses, archives, layouts.</summary>
[Trait("ring", "kernel")]
public sealed class ContextTests : IClassFixture<BuildGround>, IDisposable
{
    private readonly BuildGround _ground;
    private readonly string _served;
    private readonly WebFolder _server;

    public ContextTests(BuildGround ground)
    {
        _ground = ground;
        _served = Directory.CreateDirectory(Path.Combine(ground.Tare.Folder, "served")).FullName;
        _server = new WebFolder(_served);
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public void An_archive_of_a_server_is_a_context()
    {
        string context = _ground.Context("FROM busybox\nCOPY . /c\n", ("a", "1"), ("skipped", "x"), (".dockerignore", "skipped\n"));
        Tar(context, "context.tar.gz");

        _ground.Build(_server.Address + "/context.tar.gz", "-t", "url", "--network", "none");

        Assert.Equal("1", _ground.Shell("url", "cat /c/a; test ! -e /c/skipped"));
    }

    [Fact]
    public void What_is_no_archive_is_a_Dockerfile()
    {
        File.WriteAllText(Path.Combine(_served, "plain"), "FROM busybox\nENV A=b\n");

        _ground.Build(_server.Address + "/plain", "-t", "plain");

        Assert.Equal("b\n", _ground.Shell("plain", "echo $A"));
    }

    [Fact]
    public void A_named_context_may_be_an_archive_or_a_file_of_a_server()
    {
        Tar(_ground.Context("", ("inside", "packed")), "named.tar.gz");
        File.WriteAllText(Path.Combine(_served, "single.txt"), "alone");
        string context = _ground.Context("FROM busybox\nCOPY --from=one /inside /i\nCOPY --from=two /single.txt /s\n");

        _ground.Build(
            context, "-t", "pair", "--network", "none",
            "--build-context", $"one={_server.Address}/named.tar.gz", "--build-context", $"two={_server.Address}/single.txt");

        Assert.Equal("packedalone", _ground.Shell("pair", "cat /i /s"));
    }

    [Fact]
    public void A_named_context_may_be_an_image_or_a_layout()
    {
        string layout = Path.Combine(_ground.Tare.Folder, "layout");
        _ground.Build(_ground.Context("FROM busybox\nRUN echo own > /own\n"), "--network", "none", "-t", "own:1", "-o", $"type=oci,tar=false,dest={layout}");
        string context = _ground.Context("FROM base\nCOPY --from=other /bin/busybox /copied\n");

        _ground.Build(
            context, "-t", "composed", "--network", "none",
            "--build-context", $"base=oci-layout://{layout}:1", "--build-context", "other=docker-image://busybox");

        Assert.Equal("own\n", _ground.Shell("composed", "cat /own; test -x /copied"));
    }

    [Theory]
    [InlineData("/missing", "the server answered 404")]
    [InlineData("/missing.git", "git ls-remote")]
    public void What_a_server_does_not_have_is_named(string path, string message)
    {
        Outcome outcome = _ground.Tare.Run("build", _server.Address + path);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(_server.Address + path, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://host/x")]
    [InlineData("https://host/x.git#main:../up")]
    [InlineData("git@host:x.git#-option")]
    public void What_is_malformed_is_refused(string context)
    {
        Outcome outcome = _ground.Tare.Run("build", context);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("build context", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
    }

    private void Tar(string folder, string name) =>
        Process.Start("tar", ["-C", folder, "-czf", Path.Combine(_served, name), "."]).WaitForExit();
}
