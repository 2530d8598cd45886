// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>Operations on the inode behind an open file; those on metadata work on O_PATH descriptors too.</summary>
internal static unsafe partial class OpenFile
{
    private const int LinkBytes = 4096;

    public static FileStatus Status(this Fd file)
    {
        fixed (byte* empty = "\0"u8)
        {
            return TryStatx(file.Raw, empty, out FileStatus status) ? status : throw Failed("statx");
        }
    }

    public static void SetOwner(this Fd file, uint uid, uint gid)
    {
        fixed (byte* empty = "\0"u8)
        {
            Libc.Check(Libc.fchownat(file.Raw, empty, uid, gid, Libc.AT_EMPTY_PATH), "fchown");
        }
    }

    /// <summary>Sets 07777 bits; EOPNOTSUPP for a symbolic link, which has none.</summary>
    public static void SetMode(this Fd file, uint mode)
    {
        if (Libc.fchmod(file.Raw, mode) == 0)
        {
            return;
        }

        if (Libc.LastErrno != Errno.EBADF)
        {
            throw Failed("fchmod");
        }

        if (file.Status().IsSymlink)
        {
            throw new LinuxException(Errno.EOPNOTSUPP, "fchmod", "symbolic link");
        }

        CString path = ProcPath.Of(file);
        fixed (byte* p = path)
        {
            Libc.Check(Libc.fchmodat(Libc.AT_FDCWD, p, mode, 0), "chmod");
        }
    }

    public static void SetTimes(this Fd file, FileTime access, FileTime modify)
    {
        Libc.timespec* times = stackalloc[] { access.Native, modify.Native };
        fixed (byte* empty = "\0"u8)
        {
            Libc.Check(Libc.utimensat(file.Raw, empty, times, Libc.AT_EMPTY_PATH), "utimensat");
        }
    }

    /// <summary>The target of a symbolic link that was opened with Path and NoFollow.</summary>
    public static byte[] ReadLink(this Fd link)
    {
        fixed (byte* empty = "\0"u8)
        {
            return ReadLinkAt(link.Raw, empty, default);
        }
    }

    /// <summary>Where it is just now: an absolute path as this process sees it, free of symbolic links.</summary>
    /// <remarks>For messages and for comparing; somebody may rename it before the path is used.</remarks>
    public static byte[] HostPathNow(this Fd file)
    {
        CString path = ProcPath.Of(file);
        fixed (byte* p = path)
        {
            return ReadLinkAt(Libc.AT_FDCWD, p, default);
        }
    }

    /// <summary>Opens the same inode again, with other flags: how an O_PATH handle becomes readable.</summary>
    /// <remarks>Only for regular files and directories: opening a fifo or device can block or act.</remarks>
    public static Fd Reopen(this Fd file, OpenFlags flags)
    {
        FileStatus status = file.Status();
        if (!status.IsRegular && !status.IsDirectory)
        {
            throw new LinuxException(Errno.EINVAL, "reopen", status.Kind.ToString());
        }

        CString path = ProcPath.Of(file);
        fixed (byte* p = path)
        {
            return new Fd(Libc.Check(Libc.openat(Libc.AT_FDCWD, p, flags.ToNative(), 0), "reopen"));
        }
    }

    /// <summary>Opens a pipe again in another direction, not blocking; null when it is not the pipe of that number.</summary>
    /// <remarks>A pipe of the kernel's own only: a fifo with a name is somebody's file, whatever its inode.</remarks>
    public static Fd? TryReopenPipe(this Fd file, ulong inode, OpenFlags flags)
    {
        FileStatus status = file.Status();
        if (status.Kind != FileKind.Fifo || status.Inode != inode || file.FileSystem().Type != FileSystemStatus.Pipes)
        {
            return null;
        }

        CString path = ProcPath.Of(file);
        fixed (byte* p = path)
        {
            flags |= OpenFlags.NonBlocking | OpenFlags.NoTerminal;
            return new Fd(Libc.Check(Libc.openat(Libc.AT_FDCWD, p, flags.ToNative(), 0), "reopen", "pipe"));
        }
    }

    public static FileSystemStatus FileSystem(this Fd file)
    {
        Libc.statfs_t status;
        Libc.Check(Libc.fstatfs(file.Raw, &status), "fstatfs");
        return new FileSystemStatus(status);
    }

    /// <summary>Marks a directory as a top of independent trees (chattr +T): ext4 spreads what is made below it.</summary>
    /// <returns>false when the file system has no such flag</returns>
    public static bool TrySetTopOfTrees(this Fd directory)
    {
        uint flags = 0;
        if (Libc.ioctl(directory.Raw, Libc.FS_IOC_GETFLAGS, (nint)(&flags)) != 0)
        {
            return false;
        }

        flags |= Libc.FS_TOPDIR_FL;
        return Libc.ioctl(directory.Raw, Libc.FS_IOC_SETFLAGS, (nint)(&flags)) == 0;
    }

    internal static bool TryStatx(int directory, byte* path, out FileStatus status)
    {
        const int Flags = Libc.AT_EMPTY_PATH | Libc.AT_SYMLINK_NOFOLLOW | Libc.AT_NO_AUTOMOUNT;
        Libc.statx_t raw;
        int result = Libc.statx(directory, path, Flags, Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID, &raw);
        status = result == 0 ? new FileStatus(raw) : default;
        return result == 0;
    }

    internal static byte[] ReadLinkAt(int directory, byte* path, ReadOnlySpan<byte> name)
    {
        byte* buffer = stackalloc byte[LinkBytes];
        nint length = Libc.readlinkat(directory, path, buffer, LinkBytes);
        return length >= 0
            ? new ReadOnlySpan<byte>(buffer, (int)length).ToArray()
            : throw new LinuxException(Libc.LastErrno, "readlink", CString.Show(name));
    }

    private static LinuxException Failed(string operation) => new(Libc.LastErrno, operation);
}
