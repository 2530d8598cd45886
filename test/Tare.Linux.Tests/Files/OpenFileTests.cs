// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

public sealed class OpenFileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Reading_all_stops_at_the_bound()
    {
        using Fd file = _scratch.Write("f"u8, new byte[10_000]);
        file.Seek(0);
        Assert.Equal(10_000, file.ReadAll(10_000).Length);
        file.Seek(0);

        Assert.Equal(Errno.EFBIG, Assert.Throws<LinuxException>(() => file.ReadAll(9_999)).Errno);
        Assert.Empty(file.ReadAll(0));
        Assert.NotEmpty(HostPath.ReadAll("/proc/self/status", 100_000));
        Assert.Equal(Errno.EFBIG, Assert.Throws<LinuxException>(() => HostPath.ReadAll("/dev/zero", 5)).Errno);
    }

    [Fact]
    public void Only_the_pipe_of_that_number_is_opened_again()
    {
        using var pipe = new Pipe(nonBlocking: true);
        pipe.Writer.Write("through"u8);
        _scratch.Fd.MakeNode("fifo"u8, FileKind.Fifo, 0b110_000_000);
        using Fd fifo = _scratch.Fd.Open("fifo"u8, OpenFlags.Path);
        using Fd file = _scratch.Write("f"u8, default);

        using Fd? again = pipe.Writer.TryReopenPipe(pipe.Inode, OpenFlags.ReadOnly);

        byte[] bytes = new byte[7];
        Assert.Equal(7, again!.Read(bytes));
        Assert.Equal("through"u8, bytes);
        Assert.Null(pipe.Writer.TryReopenPipe(pipe.Inode + 1, OpenFlags.ReadOnly));
        Assert.Null(fifo.TryReopenPipe(fifo.Status().Inode, OpenFlags.ReadOnly));
        Assert.Null(file.TryReopenPipe(file.Status().Inode, OpenFlags.ReadOnly));
    }

    [Fact]
    public void Copies_keep_bytes_and_holes()
    {
        using Fd from = _scratch.Write("from"u8, "start"u8);
        from.WriteAt("middle"u8, 8 << 20);
        from.SetLength(32 << 20);
        using Fd to = _scratch.Write("to"u8, default);

        from.CopyContentTo(to);

        Span<byte> bytes = stackalloc byte[6];
        Assert.Equal(6, to.ReadAt(bytes, 8 << 20));
        Assert.Equal("middle"u8, bytes);
        FileStatus status = to.Status();
        Assert.Equal(32 << 20, status.Size);
        Assert.True(status.Blocks < 1024, $"{status.Blocks} blocks: the hole was filled");
    }

    [Fact]
    public void A_range_can_be_copied_from_proc_which_has_no_size()
    {
        using Fd from = HostPath.Open("/proc/self/status", OpenFlags.ReadOnly);
        using Fd to = _scratch.Write("to"u8, default);

        Assert.True(from.CopyRange(0, to, 0, 16) == 16);
        Assert.Equal(16, to.Status().Size);
    }

    [Fact]
    public void A_path_handle_can_be_changed_and_reopened()
    {
        _scratch.Write("f"u8, "x"u8).Dispose();
        using Fd handle = _scratch.Fd.Open("f"u8, OpenFlags.Path);

        handle.SetMode(0b100_000_000);
        handle.SetOwner(1, 2);
        handle.SetTimes(new FileTime(1, 2), new FileTime(3, 4));
        using Fd file = handle.Reopen(OpenFlags.ReadOnly);

        FileStatus status = file.Status();
        Assert.Equal((0b100_000_000u, 1u, 2u), (status.Mode, status.Uid, status.Gid));
        Assert.Equal(new FileTime(3, 4), status.ModifyTime);
        Assert.Equal("x"u8, file.ReadAll(10));
    }

    [Fact]
    public void A_fifo_is_not_reopened_because_that_could_block()
    {
        _scratch.Fd.MakeNode("fifo"u8, FileKind.Fifo, 0b110_000_000);
        using Fd handle = _scratch.Fd.Open("fifo"u8, OpenFlags.Path);

        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => handle.Reopen(OpenFlags.ReadOnly)).Errno);
    }

    [Fact]
    public void File_systems_tell_type_and_room()
    {
        using Fd proc = HostPath.OpenDirectory("/proc");

        Assert.Equal(FileSystemStatus.Proc, proc.FileSystem().Type);
        Assert.InRange(_scratch.Fd.FileSystem().Available, 1, long.MaxValue);
        _scratch.Fd.SyncFileSystem();
        _scratch.Fd.Sync();
        Assert.False(proc.TrySetTopOfTrees());
    }

    [Fact, Trait("ring", "kernel")]
    public void Ext4_takes_the_top_of_trees_flag()
    {
        using Fd disk = HostPath.OpenDirectory("/var/tmp");
        byte[] name = AtomicFile.TemporaryName();
        using Fd made = HostPath.MakeDirectories($"/var/tmp/{System.Text.Encoding.ASCII.GetString(name)}/a/b", 0b111_000_000);
        using Fd top = disk.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);

        Assert.Equal(top.FileSystem().Type == FileSystemStatus.Ext4, top.TrySetTopOfTrees());
        Assert.Equal(0b111_000_000u, top.Status().Mode);
        FileTree.Remove(disk, name);
    }

    [Fact]
    public void Entries_have_names_kinds_and_no_dots()
    {
        _scratch.MakeAndOpen("dir"u8).Dispose();
        _scratch.Fd.MakeSymlink("link"u8, "x"u8);
        for (int i = 0; i < 2000; i++)
        {
            _scratch.Fd.MakeNode(System.Text.Encoding.ASCII.GetBytes($"a-rather-long-name-of-a-file-{i}"), FileKind.Regular, 0);
        }

        Dictionary<FileKind, int> kinds = [];
        foreach (Entry entry in _scratch.Fd.Entries())
        {
            kinds[entry.Kind] = kinds.GetValueOrDefault(entry.Kind) + 1;
        }

        Assert.Equal(2000, kinds[FileKind.Regular]);
        Assert.Equal(1, kinds[FileKind.Directory]);
        Assert.Equal(1, kinds[FileKind.Symlink]);
        Assert.Equal(3, kinds.Count);
        Assert.Equal(Errno.EFBIG, Assert.Throws<LinuxException>(() => _scratch.Fd.SortedNames(2001)).Errno);
    }

    [Fact]
    public void A_stream_reads_writes_and_seeks()
    {
        using FdStream stream = new(_scratch.Write("f"u8, default));

        stream.Write("hello world"u8);
        stream.Position = 6;
        byte[] word = new byte[5];
        stream.ReadExactly(word);

        Assert.Equal("world"u8, word);
        Assert.Equal(11, stream.Length);
        Assert.Equal(0, stream.Read(word));
    }

    [Fact]
    public void Atomic_files_replace_whole_and_leave_nothing_behind()
    {
        AtomicFile.Write(_scratch.Fd, "f"u8, "one"u8, durable: true);
        AtomicFile.Write(_scratch.Fd, "f"u8, "two"u8, durable: false, 0b110_100_100);

        using Fd file = _scratch.Fd.Open("f"u8, OpenFlags.ReadOnly);
        Assert.Equal("two"u8, file.ReadAll(10));
        Assert.Equal(0b110_100_100u, file.Status().Mode);
        Assert.Single(_scratch.Fd.SortedNames(10));

        _scratch.Fd.MakeDirectory("dir"u8, 0);
        Assert.Throws<LinuxException>(() => AtomicFile.Write(_scratch.Fd, "dir"u8, "x"u8, durable: false));
        Assert.Equal(2, _scratch.Fd.SortedNames(10).Count);
    }

    [Fact]
    public void A_lock_excludes_others_until_it_is_released()
    {
        using (FileLock.Take(_scratch.Fd, "lock"u8))
        {
            Assert.Null(FileLock.TryTake(_scratch.Fd, "lock"u8));
            Assert.Null(FileLock.TryTake(_scratch.Fd, "lock"u8, shared: true));
        }

        using FileLock? first = FileLock.TryTake(_scratch.Fd, "lock"u8, shared: true);
        using FileLock? second = FileLock.TryTake(_scratch.Fd, "lock"u8, shared: true);
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Null(FileLock.TryTake(_scratch.Fd, "lock"u8));
        using FileLock directory = FileLock.Take(_scratch.Fd);
    }
}
