// SPDX-License-Identifier: Apache-2.0
using Tare.Hostile;
using Tare.Images.Layers;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Mounts;
using Tare.Oci;

namespace Tare.Images.Tests.Layers;

[Trait("ring", "kernel")]
public sealed class LayerDiffTests : IDisposable
{
    private readonly ScratchTree _scratch = new("/var/tmp");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_layer_survives_the_way_to_disk_and_back()
    {
        using Root lower = Apply("lower", null, new RawTar().File("gone").File("d/old").File("e/old"));
        RawTar tar = new RawTar()
            .Add(new RawHeader(".", '5') { Mode = 0x1C9, Time = 77 })
            .File(".wh.gone").File(".wh.d").Directory("d").File("d/new", new string('n', 3000))
            .Pax(("SCHILY.xattr.user.k", "\0v"), ("mtime", "5.000000006")).Add(new RawHeader("f") { Uid = 3, Mode = 0x9ED })
            .HardLink("l", "f").Symlink("s", "\u00ff").Fifo("p").Device("c", '3', 1, 3).LongName("e/" + new string('x', 200)).File("-").File("e/.wh.old");
        using Root first = Apply("first", lower, tar);

        using MemoryStream archive = new();
        long length = LayerDiff.Write(first, archive, TestContext.Current.CancellationToken);
        using Root second = Apply("second", lower, archive.ToArray());

        Assert.Equal(archive.Length, length);
        Assert.Equal(Lines(first), Lines(second));
        using MemoryStream again = new();
        LayerDiff.Write(second, again, TestContext.Current.CancellationToken);
        Assert.Equal(archive.ToArray(), again.ToArray());
    }

    [Fact]
    public void What_a_container_changed_looks_the_same_as_a_layer()
    {
        using Root lower = Apply("lower", null, new RawTar().File("a/f", "1").File("a/g", "2").File("b/h", "3").Symlink("s", "a").File("k", "4"));
        using Root empty = _scratch.Make("empty");
        using Root upper = _scratch.Make("upper");
        using Root work = _scratch.Make("work");
        using (Root merged = Root.From(OverlayMount.Create([lower.Fd], upper.Fd, work.Fd)))
        {
            using Fd top = merged.Resolve("."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
            using (Fd a = top.Open("a"u8, OpenFlags.Path))
            {
                a.Unlink("f"u8);
                a.SetMode("g"u8, 0x80);
            }

            FileTree.Remove(top, "b"u8);
            top.MakeDirectory("b"u8, 0x1C0);
            top.Unlink("s"u8);
            using Fd file = top.Open("new"u8, OpenFlags.WriteOnly | OpenFlags.Create, 0x1A4);
            file.Write("text"u8);
            top.MakeHardLink("link"u8, top, "k"u8);
            using MemoryStream archive = new();
            LayerDiff.Write(upper, archive, TestContext.Current.CancellationToken);

            using Root layer = Apply("layer", lower, archive.ToArray());
            using Root view = Root.From(OverlayMount.Create([layer.Fd, lower.Fd], null, null));

            Assert.Equal(ScratchTree.Describe(merged), ScratchTree.Describe(view));
        }
    }

    [Fact]
    public void A_name_that_would_come_back_as_a_whiteout_is_refused()
    {
        using Root upper = _scratch.Make("upper");
        using Fd top = upper.Resolve("."u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        top.MakeDirectory(".wh.x"u8, 0x1C0);

        TareException error = Assert.Throws<TareException>(
            () => LayerDiff.Write(upper, new MemoryStream(), TestContext.Current.CancellationToken));
        Assert.Equal("'.wh.x' has a name that layers use for whiteouts", error.Message);
    }

    private static List<string> Lines(Root root) => [.. ScratchTree.Describe(root).Select(l => $"{l.Key}: {l.Value}")];

    private Root Apply(string name, Root? lower, RawTar tar) => Apply(name, lower, tar.Cut());

    private Root Apply(string name, Root? lower, byte[] tar)
    {
        Root target = _scratch.Make(name);
        LayerWriter.Apply(new MemoryStream(tar), target, lower, LayerLimits.Default, TestContext.Current.CancellationToken);
        return target;
    }
}
