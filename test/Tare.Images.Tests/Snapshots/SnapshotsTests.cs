// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Images.Tests.Archive;
using Tare.Images.Tests.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

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
            using Root root = Root.From(_store.Images.Snapshots.Prepare(container, image, new() { IsVolatile = isVolatile }));
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
    public async Task Behind_a_map_ids_on_disk_stay_those_of_the_container()
    {
        const uint First = 0x7abc_0000;
        await _store.LoadAsync(Sample.Of(("f", "old")).DockerArchive("a"));
        using Fd container = HostPath.MakeDirectories(_store.Path + "/c", 0x1C0);
        using MappedUsers users = Map(First);
        using Fd layers = HostPath.OpenDirectory(_store.Path + "/layers");
        using Fd shownLayers = users.Show(layers);
        using Fd shown = users.Show(container);
        var options = new Tare.Images.Snapshots.SnapshotOptions { Mapped = new(users, shownLayers, shown), Mark = "tare-test" };

        using (Root root = Root.From(_store.Images.Snapshots.Prepare(container, _store.Images.Get("a"), options)))
        {
            Assert.Equal((First, First), Owner(root.Resolve("f"u8, OpenFlags.Path)));

            // whoever has no id there makes nothing
            Assert.Equal(Errno.EOVERFLOW, Assert.Throws<LinuxException>(() => root.Fd.MakeDirectory("no"u8, 0x1ED)).Errno);
            using FileSystemUser owner = users.BeRoot();
            root.Fd.MakeDirectory("d"u8, 0x1ED);
            root.Fd.SetOwner("d"u8, First + 33, First + 34);
            root.Fd.Unlink("f"u8);
        }

        using Fd upper = HostPath.OpenDirectory(_store.Path + "/c/upper");
        Assert.Equal((33u, 34u), Owner(upper.Open("d"u8, OpenFlags.Path)));
        Assert.Equal((0u, 0u), Owner(upper.Open("f"u8, OpenFlags.Path)));
        Assert.Equal(FileKind.CharacterDevice, upper.Status("f"u8).Kind);
        using Root view = Root.From(_store.Images.Snapshots.View(_store.Images.Get("a")));
        Assert.Equal((0u, 0u), Owner(view.Resolve("f"u8, OpenFlags.Path)));
    }

    private static (uint Uid, uint Gid) Owner(Fd file)
    {
        using (file)
        {
            FileStatus status = file.Status();
            return (status.Uid, status.Gid);
        }
    }

    /// <summary>A process of a single thread has to make the namespace.</summary>
    private static MappedUsers Map(uint first)
    {
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("unshare", ["-U", "sh", "-c", "echo; read x"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        process.StandardOutput.ReadLine();
        string map = FormattableString.Invariant($"0 {first} 65536\n");
        UserNamespace.WriteMaps(process.Id, map, map);
        Fd space = HostPath.Open(FormattableString.Invariant($"/proc/{process.Id}/ns/user"), OpenFlags.ReadOnly);
        process.StandardInput.Close();
        process.WaitForExit();
        return new(first, 65536, space);
    }

    [Fact]
    public async Task An_image_without_layers_is_an_empty_writable_tree()
    {
        await _store.LoadAsync(new Sample().OciArchive("scratch"));
        using Fd container = HostPath.MakeDirectories(_store.Path + "/c", 0x1C0);

        using Root root = Root.From(_store.Images.Snapshots.Prepare(container, _store.Images.Get("scratch"), new() { IsVolatile = true }));
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
