// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;

namespace Tare.Conformance;

[Trait("ring", "kernel")]
public sealed class ImageTests : IDisposable
{
    private readonly TareBinary _tare = new();

    public void Dispose() => _tare.Dispose();

    [Fact]
    public void A_docker_archive_is_loaded_listed_tagged_and_removed()
    {
        Outcome loaded = _tare.Run(["load"], SampleImages.DockerArchive("app:1", ("a.txt", "hello")));
        Assert.Equal("Loaded image: app:1\n", loaded.Text);

        string[] lines = _tare.Succeed("images").TrimEnd('\n').Split('\n');
        Assert.Equal("REPOSITORY   TAG       IMAGE ID       CREATED       SIZE", lines[0]);
        Assert.Matches("^app          1         [0-9a-f]{12}   . years ago   ", lines[1]);

        _tare.Succeed("tag", "app:1", "other/app:2");
        string[] names = _tare.Succeed("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").TrimEnd('\n').Split('\n');
        Assert.Equal(["app:1", "other/app:2"], names.Order(StringComparer.Ordinal));

        Assert.Equal("Untagged: app:1\n", _tare.Succeed("rmi", "app:1"));
        Assert.StartsWith("Untagged: other/app:2\nDeleted: sha256:", _tare.Succeed("image", "rm", "other/app:2"), StringComparison.Ordinal);
        Assert.Equal("", _tare.Succeed("images", "-q"));
    }

    [Fact]
    public void A_compressed_archive_loads_from_a_file()
    {
        string file = Path.Combine(_tare.Folder, "app.tar.gz");
        using (var gzip = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        {
            gzip.Write(SampleImages.DockerArchive("app:1", ("a.txt", "hello")));
        }

        Assert.Equal("Loaded image: app:1\n", _tare.Succeed("load", "-i", file));
    }

    [Fact]
    public void What_is_saved_loads_elsewhere_with_the_same_id()
    {
        _tare.Run(["load"], SampleImages.DockerArchive("app:1", ("a.txt", "hello")));
        byte[] saved = _tare.Run("save", "app:1").Output;
        using var other = new TareBinary();

        Assert.Equal(0, other.Run(["load"], saved).ExitCode);

        Assert.Equal(_tare.Succeed("images", "--no-trunc", "-q"), other.Succeed("images", "--no-trunc", "-q"));
    }

    [Fact]
    public void A_tar_is_imported_with_changes()
    {
        Outcome outcome =
            _tare.Run(
                ["import", "-c", "CMD [\"/bin/x\"]", "-c", "ENV A=b", "-", "mine:1"], SampleImages.Tar(("bin/x", "x")));

        Assert.Matches("^sha256:[0-9a-f]{64}\n$", outcome.Text);
        Assert.Equal("[/bin/x] [A=b]\n", _tare.Succeed("inspect", "-f", "{{.Config.Cmd}} {{.Config.Env}}", "mine:1"));
        Assert.Contains("Imported from -", _tare.Succeed("history", "mine:1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rmi", "absent")]
    [InlineData("tag", "absent", "x")]
    [InlineData("save", "absent", "-o", "/dev/null/x")]
    [InlineData("history", "absent")]
    [InlineData("image", "inspect", "absent")]
    public void A_missing_image_is_named_and_the_exit_code_is_1(params string[] args)
    {
        Outcome outcome = _tare.Run(args);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("tare: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rubbish_is_no_archive()
    {
        Outcome outcome = _tare.Run(["load"], new byte[4096]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("tare: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("", _tare.Succeed("images", "-q"));
    }
}
