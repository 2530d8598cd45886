// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;
using Tare.Linux.Mounts;

namespace Tare.Linux.Tests.Mounts;

[Trait("ring", "kernel")]
public sealed class MountTests
{
    [Fact]
    public void A_detached_tmpfs_is_used_attached_found_and_detached() => OwnMounts.Run(scratch =>
    {
        using Fd target = scratch.MakeAndOpen("target"u8);
        using FileSystemContext context = new("tmpfs");
        context.SetString("size", "1m");
        context.SetString("mode", "0750");
        context.SetString("source", "a b\\c");
        using Fd mount = context.Create(MountAttributes.NoSetUid | MountAttributes.NoDevices);
        mount.MakeNode("made-before"u8, FileKind.Regular, 0b110_000_000);

        Mount.Attach(mount, target);

        MountEntry entry = Assert.Single(MountTable.Read(), e => Encoding.UTF8.GetString(e.MountPoint) == scratch.Path + "/target");
        Assert.Equal("tmpfs", entry.Type);
        Assert.Equal("a b\\c"u8, entry.Source);
        Assert.Contains("nosuid,nodev", entry.Options, StringComparison.Ordinal);
        Assert.Equal((ulong)entry.Id, mount.Status().MountId);
        Assert.True(mount.Status().IsMountRoot);
        using Fd seen = scratch.Root.Resolve("target/made-before"u8, OpenFlags.Path);
        Assert.Equal(Errno.EXDEV, Assert.Throws<LinuxException>(() => scratch.Root.Resolve(
            "target/made-before"u8, OpenFlags.Path, ResolveMode.NoMounts)).Errno);

        Mount.Detach(mount);
        Assert.Null(scratch.Root.TryResolve("target/made-before"u8, OpenFlags.Path));
        Assert.False(Mount.TryDetach(scratch.Path + "/target"));
    });

    [Fact]
    public void Detached_mounts_are_cloned_by_kernels_from_6_15_on() =>
        Assert.Equal(Environment.OSVersion.Version >= new Version(6, 15), DetachedMounts.CanBeCloned());

    [Fact]
    public void Removing_a_tree_stops_at_a_mount_and_spares_what_is_in_it() => OwnMounts.Run(scratch =>
    {
        using Fd tree = scratch.MakeAndOpen("tree"u8);
        using Fd target = tree.Fd("mnt"u8);
        using FileSystemContext context = new("tmpfs");
        using Fd mount = context.Create();
        mount.MakeNode("precious"u8, FileKind.Regular, 0);
        Mount.Attach(mount, target);

        var e = Assert.Throws<LinuxException>(() => FileTree.Remove(scratch.Fd, "tree"u8));

        Assert.Equal(Errno.EBUSY, e.Errno);
        Assert.NotNull(mount.TryStatus("precious"u8));
        Mount.Detach(mount);
    });

    [Fact]
    public void A_clone_can_be_made_read_only_without_the_original() => OwnMounts.Run(scratch =>
    {
        using Fd source = scratch.MakeAndOpen("source"u8);
        using Fd clone = Mount.Clone(source);
        Mount.SetAttributes(clone, MountAttributes.ReadOnly | MountAttributes.NoAccessTime);

        var e = Assert.Throws<LinuxException>(() => clone.MakeDirectory("x"u8, 0));
        source.MakeDirectory("y"u8, 0);

        Assert.Equal(Errno.EROFS, e.Errno);
        Assert.NotNull(clone.TryStatus("y"u8));
    });

    [Fact]
    public void The_kernel_s_words_are_in_the_error() => OwnMounts.Run(scratch =>
    {
        using FileSystemContext context = new("tmpfs");

        var e = Assert.Throws<LinuxException>(() => context.SetString("size", "nonsense"));

        Assert.Equal(Errno.EINVAL, e.Errno);
        Assert.Contains("Bad value for 'size'", e.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Overlay_merges_layers_given_as_descriptors_and_writes_only_to_the_upper() => OwnMounts.Run(scratch =>
    {
        using Fd low = Layer(scratch, "low"u8, "common"u8, "low"u8);
        low.MakeNode("gone"u8, FileKind.Regular, 0);
        using Fd high = Layer(scratch, "high"u8, "common"u8, "high"u8);
        high.MakeNode("gone"u8, FileKind.CharacterDevice, 0, new DeviceNumber(0, 0));
        using Fd upper = scratch.MakeAndOpen("upper"u8);
        using Fd work = scratch.MakeAndOpen("work"u8);

        using (Fd merged = OverlayMount.Create([high, low], upper, work, new OverlayOptions { Volatile = true }))
        {
            using Fd common = merged.Open("common"u8, OpenFlags.ReadWrite);
            Assert.Equal("high"u8, common.ReadAll(10));
            Assert.Null(merged.TryStatus("gone"u8));
            common.Write("+"u8);
            Assert.Equal(FileSystemStatus.Overlay, merged.FileSystem().Type);
        }

        Assert.Equal("high+"u8, ReadIn(upper, "common"u8));
        Assert.Equal("high"u8, ReadIn(high, "common"u8));
    });

    [Fact]
    public void A_read_only_view_has_no_upper_for_one_layer_and_for_many() => OwnMounts.Run(scratch =>
    {
        List<Fd> layers = [];
        for (int i = 0; i < 120; i++)
        {
            layers.Add(Layer(scratch, Encoding.ASCII.GetBytes($"l{i}"), Encoding.ASCII.GetBytes($"f{i}"), "x"u8));
        }

        using Fd one = OverlayMount.Create([layers[0]], null, null);
        using Fd many = OverlayMount.Create(layers, null, null);

        Assert.Equal(Errno.EROFS, Assert.Throws<LinuxException>(() => one.MakeDirectory("x"u8, 0)).Errno);
        Assert.Equal(Errno.EROFS, Assert.Throws<LinuxException>(() => many.MakeDirectory("x"u8, 0)).Errno);
        using Fd names = many.Open("f119"u8, OpenFlags.ReadOnly);
        using Fd listing = HostPath.OpenDirectory("/");
        Assert.Equal("x"u8, names.ReadAll(10));
        layers.ForEach(l => l.Dispose());
    });

    [Fact]
    public void A_redirect_that_an_image_planted_is_not_followed() => OwnMounts.Run(scratch =>
    {
        using Fd low = scratch.MakeAndOpen("low"u8);
        using Fd secret = low.Fd("secret"u8);
        secret.MakeNode("inside"u8, FileKind.Regular, 0);
        using Fd high = scratch.MakeAndOpen("high"u8);
        using Fd bait = high.Fd("bait"u8);
        bait.SetXattr("trusted.overlay.redirect"u8, "/secret"u8);

        using Fd merged = OverlayMount.Create([high, low], null, null);

        // the kernel refuses the directory as a whole
        var e = Assert.Throws<LinuxException>(() => merged.Open("bait"u8, OpenFlags.Path));
        Assert.Equal(Errno.EPERM, e.Errno);
    });

    private static Fd Layer(Scratch scratch, ReadOnlySpan<byte> name, ReadOnlySpan<byte> file, ReadOnlySpan<byte> content)
    {
        Fd layer = scratch.MakeAndOpen(name);
        using Fd made = layer.Open(file, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_100_100);
        made.Write(content);
        return layer;
    }

    private static byte[] ReadIn(Fd directory, ReadOnlySpan<byte> name)
    {
        using Fd file = directory.Open(name, OpenFlags.ReadOnly);
        return file.ReadAll(100);
    }
}

file static class Making
{
    public static Fd Fd(this Fd directory, ReadOnlySpan<byte> name)
    {
        directory.MakeDirectory(name, 0b111_101_101);
        return directory.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
    }
}
