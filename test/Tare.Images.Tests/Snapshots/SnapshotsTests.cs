// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Images.Tests.Store;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Tests.Snapshots;

[Trait("ring", "kernel")]
public sealed class SnapshotsTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changes_stay_with_the_container_and_the_image_stays_as_it_is(bool isVolatile)
    {
        await _store.LoadAsync(Sample.Of(("f", "old")).DockerArchive("a"));
        StoredImage image = _store.Images.Get("a");
        using Fd container = HostPath.MakeDirectories(_store.Path + "/c", 0x1C0);

        for (int i = 0; i < 2; i++)
        {
            using Root root = Root.From(_store.Images.Snapshots.Prepare(container, image, isVolatile));
            Assert.Equal(i == 0 ? "old" : "new", Read(root, "f"u8));
            using Fd file = root.Resolve("f"u8, OpenFlags.WriteOnly | OpenFlags.Truncate);
            file.Write("new"u8);
        }

        using Root view = Root.From(_store.Images.Snapshots.View(image));
        Assert.Equal("old", Read(view, "f"u8));
        Assert.Equal(Errno.EROFS, Assert.Throws<LinuxException>(() => view.Resolve("f"u8, OpenFlags.WriteOnly)).Errno);
        Tare.Images.Snapshots.Snapshots.Remove(container);
        Assert.Empty(_store.Names("c"));
    }

    [Fact]
    public async Task An_image_without_layers_is_an_empty_writable_tree()
    {
        await _store.LoadAsync(new Sample().OciArchive("scratch"));
        using Fd container = HostPath.MakeDirectories(_store.Path + "/c", 0x1C0);

        using Root root = Root.From(_store.Images.Snapshots.Prepare(container, _store.Images.Get("scratch"), isVolatile: true));
        root.Fd.MakeDirectory("d"u8, 0x1ED);

        using Fd empty = HostPath.OpenDirectory(_store.Path + "/empty");
        Assert.True(empty.IsEmptyDirectory());
    }

    [Fact]
    public async Task A_hundred_and_thirty_layers_mount()
    {
        Sample sample = new();
        for (int i = 0; i < 130; i++)
        {
            sample.Layer(Sample.Tar(($"f{i}", "x")));
        }
        await _store.LoadAsync(sample.DockerArchive("a"));

        using Root view = Root.From(_store.Images.Snapshots.View(_store.Images.Get("a")));

        Assert.Equal("x", Read(view, "f0"u8));
        Assert.Equal("x", Read(view, "f129"u8));
    }

    private static string Read(Root root, ReadOnlySpan<byte> path)
    {
        using Fd file = root.Resolve(path, OpenFlags.ReadOnly);
        return System.Text.Encoding.UTF8.GetString(file.ReadAll(100));
    }
}
