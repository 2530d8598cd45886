// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

public sealed partial class FileTreeTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_tree_of_every_kind_goes_and_what_links_point_to_stays()
    {
        using Scratch outside = new();
        outside.Write("keep"u8, "x"u8).Dispose();
        using (Fd tree = _scratch.MakeAndOpen("tree"u8))
        {
            tree.MakeSymlink("out"u8, Encoding.ASCII.GetBytes(outside.Path));
            tree.MakeNode("fifo"u8, FileKind.Fifo, 0b110_000_000);
            tree.MakeNode("socket"u8, FileKind.Socket, 0b110_000_000);
            tree.MakeDirectory([0xff, 0xfe, (byte)'\n'], 0);
            for (int i = 0; i < 3000; i++)
            {
                tree.MakeDirectory(Encoding.ASCII.GetBytes($"d{i}"), 0);
                tree.MakeNode(Encoding.ASCII.GetBytes($"f{i}"), FileKind.Regular, 0);
            }
        }

        Assert.True(FileTree.Remove(_scratch.Fd, "tree"u8));

        Assert.Null(_scratch.Fd.TryStatus("tree"u8));
        Assert.NotNull(outside.Fd.TryStatus("keep"u8));
        Assert.False(FileTree.Remove(_scratch.Fd, "tree"u8));
    }

    [Fact]
    public void Ten_thousand_levels_of_mode_0_directories_go()
    {
        Fd current = _scratch.MakeAndOpen("deep"u8);
        for (int i = 0; i < 10_000; i++)
        {
            current.MakeDirectory("d"u8, 0);
            Fd next = current.Open("d"u8, OpenFlags.ReadOnly | OpenFlags.Directory);
            current.Dispose();
            current = next;
        }

        current.MakeNode("leaf"u8, FileKind.Regular, 0);
        current.Dispose();

        Assert.True(FileTree.Remove(_scratch.Fd, "deep"u8));
        Assert.True(_scratch.Fd.IsEmptyDirectory());
    }

    [Fact, Trait("ring", "kernel")]
    public void A_user_without_rights_removes_his_own_mode_0_directories()
    {
        const uint Nobody = 65534;
        _scratch.Fd.SetOwner(Nobody, Nobody);
        using (Fd tree = _scratch.MakeAndOpen("tree"u8))
        {
            tree.MakeDirectory("closed"u8, 0b111_000_000);
            using Fd closed = tree.Open("closed"u8, OpenFlags.ReadOnly | OpenFlags.Directory);
            closed.MakeNode("file"u8, FileKind.Regular, 0);
            closed.SetOwner(Nobody, Nobody);
            closed.SetMode(0);
            tree.SetOwner(Nobody, Nobody);
            tree.SetMode(0);
        }

        Exception? failure = null;
        Thread user = new(() =>
        {
            // of this thread alone, and the kernel takes CAP_DAC_OVERRIDE with it
            _ = setfsuid(Nobody);
            failure = Record.Exception(() => FileTree.Remove(_scratch.Fd, "tree"u8));
        });
        user.Start();
        user.Join();

        Assert.Null(failure);
        Assert.True(_scratch.Fd.IsEmptyDirectory());
    }

    [Fact]
    public void A_symbolic_link_or_file_is_removed_itself()
    {
        using Fd kept = _scratch.MakeAndOpen("kept"u8);
        kept.MakeNode("x"u8, FileKind.Regular, 0);
        _scratch.Fd.MakeSymlink("link"u8, "kept"u8);

        Assert.True(FileTree.Remove(_scratch.Fd, "link"u8));

        Assert.NotNull(kept.TryStatus("x"u8));
    }

    [Fact]
    public void Emptying_keeps_the_directory_and_the_caller_s_descriptor()
    {
        _scratch.Write("a"u8, "x"u8).Dispose();
        _scratch.MakeAndOpen("b"u8).Dispose();

        FileTree.Empty(_scratch.Fd);

        Assert.True(_scratch.Fd.IsEmptyDirectory());
    }

    [System.Runtime.InteropServices.LibraryImport("libc")]
    private static partial int setfsuid(uint uid);
}
