// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

public sealed class RootTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public RootTests()
    {
        using Fd etc = _scratch.MakeAndOpen("etc"u8);
        using Fd file = etc.Open("passwd"u8, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_100_100);
        file.Write("inside"u8);
        _scratch.Fd.MakeSymlink("absolute"u8, "/etc"u8);
        _scratch.Fd.MakeSymlink("up"u8, "../../../../../../etc"u8);
        _scratch.Fd.MakeSymlink("loop"u8, "loop"u8);
        _scratch.Fd.MakeSymlink("dangling"u8, "nowhere"u8);
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("absolute/passwd")]
    [InlineData("up/passwd")]
    [InlineData("../../../etc/passwd")]
    [InlineData("/absolute/../up/../etc/./passwd")]
    public void Every_way_to_etc_passwd_ends_inside_the_root(string path)
    {
        using Fd file = _scratch.Root.Resolve(Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly);

        Assert.Equal("inside"u8, file.ReadAll(100));
    }

    [Fact]
    public void Beneath_refuses_what_would_leave()
    {
        foreach (string path in new[] { "/etc", "../x", "absolute", "up/passwd" })
        {
            var e = Assert.Throws<LinuxException>(() => _scratch.Root.Resolve(
                Encoding.UTF8.GetBytes(path), OpenFlags.Path, ResolveMode.Beneath));
            Assert.Equal(Errno.EXDEV, e.Errno);
        }

        using Fd file = _scratch.Root.Resolve("etc/passwd"u8, OpenFlags.Path, ResolveMode.Beneath);
    }

    [Fact]
    public void NoSymlinks_refuses_any_link_and_loops_are_ELOOP_always()
    {
        Assert.Equal(Errno.ELOOP, Error("absolute/passwd", ResolveMode.NoSymlinks));
        Assert.Equal(Errno.ELOOP, Error("loop", ResolveMode.InRoot));
    }

    [Fact]
    public void Missing_things_are_null_and_bad_paths_are_errors()
    {
        Assert.Null(_scratch.Root.TryResolve("etc/shadow"u8, OpenFlags.ReadOnly));
        Assert.Null(_scratch.Root.TryResolve("etc/passwd/x"u8, OpenFlags.ReadOnly));
        Assert.Null(_scratch.Root.TryResolve("dangling"u8, OpenFlags.ReadOnly));
        Assert.Equal(Errno.EINVAL, Error("", ResolveMode.InRoot));
        Assert.Equal(Errno.EINVAL, Error("etc\0x", ResolveMode.InRoot));
        Assert.Equal(Errno.ENAMETOOLONG, Error(new string('a', 4096), ResolveMode.InRoot));
    }

    [Fact]
    public void Magic_links_of_proc_are_refused()
    {
        using Root proc = Root.Open("/proc");

        foreach (string path in new[] { "self/fd/0", "self/root/etc", "self/cwd", "self/exe" })
        {
            var e = Assert.Throws<LinuxException>(
                () => proc.Resolve(Encoding.UTF8.GetBytes(path), OpenFlags.Path));
            Assert.Equal(Errno.ELOOP, e.Errno);
        }
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("/a/", "a")]
    [InlineData("absolute/new", "new")]
    [InlineData("../../new", "new")]
    public void The_parent_is_pinned_and_the_name_is_handed_back(string path, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path);

        using Fd parent = _scratch.Root.ResolveParent(bytes, out ReadOnlySpan<byte> last);

        Assert.Equal(name, Encoding.UTF8.GetString(last));
        Assert.True(parent.Status().IsDirectory);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("a/..")]
    [InlineData(".")]
    public void A_path_without_a_last_name_has_no_parent(string path) =>
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(
            () => _scratch.Root.ResolveParent(Encoding.UTF8.GetBytes(path), out _)).Errno);

    [Fact]
    public void Missing_directories_are_made_inside_through_links()
    {
        using (Fd made = _scratch.Root.MakeDirectories("absolute/a/b//./c/"u8, 0b111_000_101, 12, 34))
        {
            FileStatus status = made.Status();
            Assert.Equal((12u, 34u, 0b111_000_101u), (status.Uid, status.Gid, status.Mode));
        }

        using Fd again = _scratch.Root.MakeDirectories("/etc/a/b/c"u8, 0b111_000_000);
        Assert.Equal(0b111_000_101u, again.Status().Mode);
        using Fd root = _scratch.Root.MakeDirectories("/"u8, 0);
        Assert.True(root.Status().SameFile(_scratch.Fd.Status()));
    }

    [Fact]
    public void Directories_are_not_made_behind_dots_or_dangling_links_or_files()
    {
        Assert.Equal(Errno.EINVAL, MakeError("none/../../x"));
        Assert.NotEqual(Errno.None, MakeError("dangling/x"));
        Assert.Equal(Errno.ENOTDIR, MakeError("etc/passwd/x"));
        Assert.Null(_scratch.Fd.TryStatus("nowhere"u8));
    }

    [Fact]
    public void Swapping_a_directory_for_a_link_outside_2000_times_never_leads_outside()
    {
        using Scratch outside = new();
        outside.Write("canary"u8, "outside"u8).Dispose();
        using Fd directory = _scratch.MakeAndOpen("swap"u8);
        using (Fd inside = directory.Open("canary"u8, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_100_100))
        {
            inside.Write("inside!"u8);
        }

        _scratch.Fd.MakeSymlink("evil"u8, Encoding.ASCII.GetBytes(outside.Path));
        using CancellationTokenSource done = new();
        Thread racer = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                _scratch.Fd.Rename("swap"u8, _scratch.Fd, "evil"u8, RenameFlags.Exchange);
            }
        });
        racer.Start();

        int found = 0;
        int missed = 0;
        for (int i = 0; i < 2000 || (Math.Min(found, missed) == 0 && i < 1_000_000); i++)
        {
            ReadOnlySpan<byte> path = (i & 1) == 0 ? "swap/canary"u8 : "swap/../swap/canary"u8;
            using Fd? file = _scratch.Root.TryResolve(path, OpenFlags.ReadOnly);
            if (file is not null)
            {
                Assert.Equal("inside!"u8, file.ReadAll(100));
                found++;
            }
            else
            {
                missed++;
            }
        }

        done.Cancel();
        racer.Join();
        Assert.True(found > 0 && missed > 0, "nothing was swapped while we looked, so the test shows nothing");
    }

    [Fact]
    public void Only_regular_files_within_the_bound_are_read()
    {
        using Fd etc = _scratch.Fd.Open("etc"u8, OpenFlags.Path);
        etc.MakeNode("fifo"u8, FileKind.Fifo, 0b110_000_000);
        etc.MakeSymlink("to-fifo"u8, "/etc/fifo"u8);
        using (Fd huge = etc.Open("huge"u8, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_000_000))
        {
            huge.SetLength(5L << 30);
        }

        Assert.Equal("inside"u8, _scratch.Root.TryReadAll("up/passwd"u8, 6)!);
        Assert.Null(_scratch.Root.TryReadAll("etc/group"u8, 6));
        Assert.Equal(Errno.EINVAL, ReadError("etc/to-fifo"));
        Assert.Equal(Errno.EISDIR, ReadError("etc"));
        Assert.Equal(Errno.EFBIG, ReadError("etc/huge"));
    }

    private Errno ReadError(string path) => Assert.Throws<LinuxException>(
        () => _scratch.Root.TryReadAll(Encoding.UTF8.GetBytes(path), 1000)).Errno;

    private Errno Error(string path, ResolveMode mode) => Assert.Throws<LinuxException>(
        () => _scratch.Root.Resolve(Encoding.UTF8.GetBytes(path), OpenFlags.Path, mode)).Errno;

    private Errno MakeError(string path) => Assert.Throws<LinuxException>(
        () => _scratch.Root.MakeDirectories(Encoding.UTF8.GetBytes(path), 0b111_000_000)).Errno;
}
