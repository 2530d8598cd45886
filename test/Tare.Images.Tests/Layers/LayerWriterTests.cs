// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Hostile;
using Tare.Images.Layers;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Layers;

[Trait("ring", "kernel")]
public sealed class LayerWriterTests : IDisposable
{
    private readonly ScratchTree _scratch = new();
    private int _layers;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Files_get_owner_mode_time_and_content()
    {
        var tree = Apply(new RawTar()
            .Pax(("mtime", "123.456789012")).Add(new RawHeader("f", '0', 5) { Mode = 0x9ED, Uid = 7, Gid = 8 }, "hello"u8)
            .Directory("d").Fifo("d/p").Symlink("d/s", "../\u00ff")
            .Add(new RawHeader("d/c", '3') { Device = (1, 3), Mode = 0x1B6, Time = 9 })
            .Add(new RawHeader("d/b", '4') { Device = (259, 300) }));

        Assert.Equal("Regular 4755 7:8 123.456789012 'hello'", tree["f"]);
        Assert.Equal("Directory 755 0:0 0.000000000 ", tree["d"]);
        Assert.Equal("Fifo 644 0:0 0.000000000 ", tree["d/p"]);
        Assert.Equal("Symlink 777 0:0 0.000000000 ../\u00ff", tree["d/s"]);
        Assert.Equal("CharacterDevice 666 0:0 9.000000000 1:3", tree["d/c"]);
        Assert.Equal("BlockDevice 644 0:0 0.000000000 259:300", tree["d/b"]);
    }

    [Fact]
    public void Directories_keep_their_time_although_children_follow()
    {
        var tree = Apply(new RawTar()
            .Add(new RawHeader("d", '5') { Time = 100 }).Add(new RawHeader("d/e", '5') { Time = 200 })
            .File("d/e/f").File("z").File("d/late").File("d/e/later").Add(new RawHeader("./", '5') { Time = 300, Mode = 0x1C0 }).File("y"));

        Assert.Equal("Directory 755 0:0 100.000000000 ", tree["d"]);
        Assert.Equal("Directory 755 0:0 200.000000000 ", tree["d/e"]);
        Assert.Equal("Directory 700 0:0 300.000000000 ", tree["."]);
    }

    [Fact]
    public void Capabilities_and_other_attributes_survive_owner_and_mode()
    {
        const string Capability = "\u0001\0\0\u0002\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        var tree = Apply(new RawTar()
            .Pax(("SCHILY.xattr.security.capability", Capability), ("SCHILY.xattr.user.x", "1\0002"))
            .Add(new RawHeader("f") { Uid = 5, Mode = 0x1ED })
            .Pax(("SCHILY.xattr.user.dir", "d")).Directory("d")
            .Pax(("SCHILY.xattr.trusted.link", "l")).Symlink("s", "f"));

        Assert.Equal(
            "Regular 755 5:0 0.000000000 '' security.capability=0100000200040000000000000000000000000000 user.x=3100303032",
            tree["f"]);
        Assert.EndsWith("user.dir=64", tree["d"], StringComparison.Ordinal);
        Assert.EndsWith("trusted.link=6C", tree["s"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("old")]
    [InlineData("0.0")]
    [InlineData("0.1")]
    [InlineData("1.0")]
    public void Sparse_files_have_holes(string form)
    {
        using Root target = _scratch.Make("t");
        LayerWriter.Apply(new MemoryStream(TarReaderTests.Sparse(form)), target, null, LayerLimits.Default, TestContext.Current.CancellationToken);

        using Fd file = target.Resolve("s"u8, OpenFlags.ReadOnly);
        byte[] content = file.ReadAll(2_000_000);
        Assert.Equal(1_000_000, content.Length);
        Assert.Equal("hello", Encoding.ASCII.GetString(content, 4096, 5));
        Assert.Equal("tail", Encoding.ASCII.GetString(content, 999_996, 4));
        Assert.True(file.Status().Blocks < 100);
    }

    [Fact]
    public void The_later_entry_of_a_name_replaces_the_earlier_whatever_both_are()
    {
        string[] kinds = ["file", "dir", "full", "link", "fifo", "hard"];
        foreach (string first in kinds)
        {
            foreach (string second in kinds)
            {
                RawTar tar = new RawTar().File("other", "o");
                Add(Add(tar, first), second);
                var tree = Apply(tar);

                string kind = tree["n"].Split(' ')[0];
                Assert.Equal(second switch { "file" or "hard" => "Regular", "link" => "Symlink", "fifo" => "Fifo", _ => "Directory" }, kind);
                Assert.Equal(second == "full" || (second == "dir" && first == "full"), tree.ContainsKey("n/x"));
            }
        }

        static RawTar Add(RawTar tar, string kind) => kind switch
        {
            "file" => tar.File("n", "f"),
            "dir" => tar.Directory("n"),
            "full" => tar.Directory("n").File("n/x"),
            "link" => tar.Symlink("n", "other"),
            "fifo" => tar.Fifo("n"),
            _ => tar.HardLink("n", "other"),
        };
    }

    [Fact]
    public void Hard_links_share_the_inode()
    {
        var tree = Apply(new RawTar().File("a/f", "x").HardLink("b/g", "a/f").Symlink("s", "t").HardLink("s2", "s").HardLink("a/f", "b/g"));

        Assert.EndsWith("'x'", tree["a/f"], StringComparison.Ordinal);
        Assert.EndsWith("= a/f", tree["b/g"], StringComparison.Ordinal);
        Assert.Equal("Symlink 777 0:0 0.000000000 t = s", tree["s2"]);
    }

    [Fact]
    public void A_hard_link_to_a_lower_file_brings_it_up()
    {
        using Root lower = Lower(new RawTar()
            .Pax(("SCHILY.xattr.user.k", "v"), ("mtime", "5.5")).Add(new RawHeader("d/f", '0', 3) { Uid = 3, Mode = 0x9ED }, "abc"u8));
        var tree = Apply(new RawTar().HardLink("g", "d/f"), lower);

        Assert.Equal("Regular 4755 3:0 5.500000000 'abc' user.k=76", tree["d/f"]);
        Assert.Equal("Regular 4755 3:0 5.500000000 'abc' user.k=76 = d/f", tree["g"]);
    }

    [Fact]
    public void Missing_parents_are_as_in_the_lower_view_or_plain()
    {
        using Root lower = Lower(new RawTar()
            .Pax(("SCHILY.xattr.user.k", "v")).Add(new RawHeader("d", '5') { Uid = 9, Mode = 0x3C0, Time = 44 })
            .Add(new RawHeader(".", '5') { Mode = 0x1C0, Uid = 2, Time = 33 }));
        var tree = Apply(new RawTar().Add(new RawHeader("d/new/f") { Time = 5 }), lower);

        Assert.Equal("Directory 700 2:0 33.000000000 ", tree["."]);
        Assert.Equal("Directory 1700 9:0 44.000000000  user.k=76", tree["d"]);
        Assert.Equal("Directory 755 0:0 5.000000000 ", tree["d/new"]);
    }

    [Fact]
    public void Explicit_metadata_wins_over_what_the_lower_view_gave()
    {
        using Root lower = Lower(new RawTar().Pax(("SCHILY.xattr.user.k", "v")).Add(new RawHeader("d", '5') { Uid = 9 }));
        var tree = Apply(new RawTar().File("d/f").Add(new RawHeader("d", '5') { Uid = 4, Time = 3 }), lower);

        Assert.Equal("Directory 755 4:0 3.000000000 ", tree["d"]);
    }

    [Fact]
    public void Links_in_the_way_are_followed_inside_the_image()
    {
        using Root lower = Lower(new RawTar().Directory("usr/lib").Symlink("lib", "usr/lib").Symlink("abs", "/usr"));
        var tree = Apply(
            new RawTar().File("lib/f").File("abs/lib/g").Symlink("here", "usr/lib/../lib").File("here/h"), lower);

        Assert.Contains("usr/lib/f", tree.Keys);
        Assert.Contains("usr/lib/g", tree.Keys);
        Assert.Contains("usr/lib/h", tree.Keys);
        Assert.DoesNotContain("lib", tree.Keys);
    }

    [Fact]
    public void A_directory_entry_replaces_a_lower_link()
    {
        using Root lower = Lower(new RawTar().Directory("real").Symlink("d", "real"));
        var tree = Apply(new RawTar().Directory("d").File("d/f"), lower);

        Assert.Contains("d/f", tree.Keys);
        Assert.DoesNotContain("real", tree.Keys);
    }

    [Fact]
    public void Whiteouts_become_the_marks_of_overlayfs()
    {
        using Root lower = Lower(new RawTar().File("gone").Directory("d"));
        var tree = Apply(new RawTar().File(".wh.gone").File("d/.wh..wh..opq").File(".wh..wh.plnk/0.1").File(".wh..wh.aufs"), lower);

        Assert.Equal("CharacterDevice 0 0:0 0.000000000 0:0", tree["gone"]);
        Assert.EndsWith("trusted.overlay.opaque=79", tree["d"], StringComparison.Ordinal);
        Assert.Equal([".", "d", "gone"], tree.Keys);
    }

    [Fact]
    public void Whiteouts_of_what_is_not_there_leave_nothing()
    {
        using Root lower = Lower(new RawTar().File("there").File("d/f"));
        RawTar tar = new RawTar().File(".wh.there").File(".wh.nowhere").File("new/.wh.x").File("new/.wh..wh..opq").File("d").Directory("d");

        Assert.Equal([".", "d", "new", "there"], Apply(tar, lower).Keys);
        var alone = Apply(tar);
        Assert.Equal([".", "d", "new"], alone.Keys);
        Assert.DoesNotContain(alone.Values, line => line.Contains("opaque", StringComparison.Ordinal));
    }

    [Fact]
    public void Whiteouts_hide_only_what_is_below_in_either_order()
    {
        foreach (bool after in new[] { false, true })
        {
            RawTar tar = new();
            _ = after ? tar : tar.File(".wh.d").File(".wh.f");
            tar.Directory("d").File("d/new").File("f", "new");
            _ = after ? tar.File(".wh.d").File(".wh.f") : tar;
            using Root lower = Lower(new RawTar().File("d/old").File("f", "old"));
            var tree = Apply(tar, lower);

            Assert.EndsWith("trusted.overlay.opaque=79", tree["d"], StringComparison.Ordinal);
            Assert.EndsWith("'new'", tree["f"], StringComparison.Ordinal);
            Assert.Contains("d/new", tree.Keys);
        }
    }

    [Fact]
    public void A_whiteout_as_a_parent_becomes_an_opaque_directory()
    {
        using Root lower = Lower(new RawTar().Add(new RawHeader("d", '5') { Uid = 9 }).File("d/old"));
        var tree = Apply(new RawTar().File(".wh.d").File("d/new"), lower);

        Assert.Equal("Directory 755 0:0 0.000000000  trusted.overlay.opaque=79", tree["d"]);
    }

    [Fact]
    public void An_opaque_root_hides_each_lower_name_by_itself()
    {
        using Root lower = Lower(new RawTar().File("a").File("d/x").File("e/y"));
        var tree = Apply(new RawTar().File("e/new").File(".wh..wh..opq"), lower);

        Assert.StartsWith("CharacterDevice", tree["a"], StringComparison.Ordinal);
        Assert.StartsWith("CharacterDevice", tree["d"], StringComparison.Ordinal);
        Assert.EndsWith("trusted.overlay.opaque=79", tree["e"], StringComparison.Ordinal);
        Assert.DoesNotContain("opaque", tree["."], StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_are_named_when_they_are_passed()
    {
        LayerLimits limits = new() { Bytes = 1 << 20, Entries = 3, FileBytes = 1000 };

        Assert.Contains("3 entries", TooMuch(limits, new RawTar().File("a").File("b").File("c").File("d")), StringComparison.Ordinal);
        Assert.Contains("more than 1000", TooMuch(limits, new RawTar().File("a", new string('x', 1001))), StringComparison.Ordinal);
        Assert.Contains("1048576", TooMuch(limits, new RawTar().Add(new RawHeader("a", '0', 1 << 21))), StringComparison.Ordinal);
        string deep = string.Concat(Enumerable.Repeat("d/", 300));
        Assert.Contains("300 directories deep", TooMuch(limits, new RawTar().Pax(("path", deep)).File("f")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ratio_bounds_what_a_small_layer_may_become()
    {
        Assert.Equal(256L << 20, LayerLimits.Default.ForCompressed(10).Bytes);
        Assert.Equal(5_000_000_000, LayerLimits.Default.ForCompressed(5_000_000).Bytes);
        Assert.InRange(LayerLimits.Default.ForCompressed(long.MaxValue).Bytes, LayerLimits.Default.Bytes - 1000, LayerLimits.Default.Bytes);
    }

    [Fact]
    public void Cancellation_stops_the_work()
    {
        using Root target = _scratch.Make("t");
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => LayerWriter.Apply(
            new MemoryStream(new RawTar().File("f").End()), target, null, LayerLimits.Default, source.Token));
    }

    [Fact]
    public void Errors_name_the_entry_without_control_characters()
    {
        using Root target = _scratch.Make("t");
        TareException error = Assert.Throws<TareException>(() => LayerWriter.Apply(
            new MemoryStream(new RawTar().File("a/\u001b[31m/../b").End()), target, null, LayerLimits.Default, TestContext.Current.CancellationToken));

        Assert.Equal("entry 'a/\\x1b[31m/../b': name 'a/\\x1b[31m/../b' has the component '..'", error.Message);
    }

    [Fact]
    public void A_layer_applied_twice_gives_the_same_tree()
    {
        RawTar tar = new RawTar().File("a/b/c/f").Directory("z").HardLink("z/l", "a/b/c/f").File("z/.wh.q");

        Assert.Equal(Apply(tar), Apply(tar));
    }

    private string TooMuch(LayerLimits limits, RawTar tar)
    {
        using Root target = _scratch.Make($"t{_layers++}");
        TareException error = Assert.Throws<TareException>(
            () => LayerWriter.Apply(new MemoryStream(tar.Cut()), target, null, limits, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
        return error.Message;
    }

    private Root Lower(RawTar tar)
    {
        Root target = _scratch.Make($"lower{_layers++}");
        LayerWriter.Apply(new MemoryStream(tar.Cut()), target, null, LayerLimits.Default, TestContext.Current.CancellationToken);
        return target;
    }

    private SortedDictionary<string, string> Apply(RawTar tar, Root? lower = null)
    {
        using Root target = _scratch.Make(string.Create(CultureInfo.InvariantCulture, $"layer{_layers++}"));
        LayerWriter.Apply(new MemoryStream(tar.Cut()), target, lower, LayerLimits.Default, TestContext.Current.CancellationToken);
        return ScratchTree.Describe(target);
    }
}
