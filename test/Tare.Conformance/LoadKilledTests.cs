// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

[Trait("ring", "kernel")]
public sealed class LoadKilledTests : IDisposable
{
    private const int Files = 500;
    private readonly TareBinary _tare = new();

    public void Dispose() => _tare.Dispose();

    [Theory]
    [InlineData("tmp", "lease*")]
    [InlineData("tmp", "layer-*.lock")]
    [InlineData("tmp", "layer-*.tmp-*")]
    [InlineData("layers", "*")]
    [InlineData("blobs/sha256", "*")]
    public void A_load_that_is_killed_when_a_file_appears_is_whole_or_invisible(string folder, string pattern)
    {
        string archive = Path.Combine(_tare.Folder, "big.tar");
        File.WriteAllBytes(archive, SampleImages.DockerArchive(
            "big:1", [.. Enumerable.Range(0, Files).Select(static i => ($"d{i % 50}/f{i}", $"content {i}"))]));
        string watched = Path.Combine(_tare.Root, folder);

        using (Process load = Process.Start(TareBinary.Path, ["--root", _tare.Root, "--run", _tare.RunFolder, "load", "-q", "-i", archive]))
        {
            SpinWait.SpinUntil(() => load.HasExited || Appeared(watched, pattern));
            load.Kill();
            load.WaitForExit();
        }

        Assert.True(_tare.Succeed("images", "-q").Length is 0 or 13);
        Assert.Equal("Loaded image: big:1\n", _tare.Succeed("load", "-i", archive));
        Assert.Single(Directory.GetDirectories(Path.Combine(_tare.Root, "layers")));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_tare.Root, "blobs/sha256")).Length);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_tare.Root, "tmp")));
        _tare.Succeed("rmi", "big:1");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_tare.Root, "layers")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_tare.Root, "blobs/sha256")));
    }

    private static bool Appeared(string folder, string pattern)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder, pattern).Any();
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }
}
