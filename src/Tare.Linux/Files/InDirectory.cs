// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>Operations on one name in an open directory (O_PATH is enough, except for O_TMPFILE).</summary>
/// <remarks>
/// A name is one component (<see cref="FileName"/>), and a symbolic link behind it is never followed, so nothing here
/// can leave the directory. Paths with several components go through <see cref="Root"/>. A failure is a
/// <see cref="LinuxException"/>; Try forms answer the one expected absence.
/// </remarks>
[SkipLocalsInit]
internal static unsafe class InDirectory
{
    /// <summary>Opens or creates; <paramref name="mode"/> is used as it is only if the process has umask 0.</summary>
    public static Fd Open(this Fd directory, ReadOnlySpan<byte> name, OpenFlags flags, uint mode = 0) =>
        TryOpen(directory, name, flags, mode) ?? throw new LinuxException(Errno.ENOENT, "open", CString.Show(name));

    /// <summary>Null when there is no such name (ENOENT).</summary>
    public static Fd? TryOpen(this Fd directory, ReadOnlySpan<byte> name, OpenFlags flags, uint mode = 0)
    {
        CString path = FileName.Checked(name);
        int fd;
        fixed (byte* p = path)
        {
            do
            {
                fd = Libc.openat(directory.Raw, p, (flags | OpenFlags.NoFollow).ToNative(), mode);
            }
            while (fd < 0 && Libc.LastErrno == Errno.EINTR);
        }

        if (fd >= 0)
        {
            return new Fd(fd);
        }

        Errno errno = Libc.LastErrno;
        return errno == Errno.ENOENT ? null : throw new LinuxException(errno, "open", CString.Show(name));
    }

    /// <summary>A file without a name in this directory; <see cref="LinkFile"/> gives it one.</summary>
    public static Fd OpenTemporary(this Fd directory, uint mode)
    {
        fixed (byte* dot = "."u8)
        {
            int flags = (OpenFlags.TemporaryFile | OpenFlags.ReadWrite).ToNative();
            return new Fd(Libc.Check(Libc.openat(directory.Raw, dot, flags, mode), "open", "O_TMPFILE"));
        }
    }

    public static FileStatus Status(this Fd directory, ReadOnlySpan<byte> name) =>
        TryStatus(directory, name) ?? throw new LinuxException(Errno.ENOENT, "statx", CString.Show(name));

    /// <summary>Null when there is no such name (ENOENT).</summary>
    public static FileStatus? TryStatus(this Fd directory, ReadOnlySpan<byte> name)
    {
        CString path = FileName.Checked(name);
        fixed (byte* p = path)
        {
            return OpenFile.TryStatx(directory.Raw, p, out FileStatus status)
                ? status
                : Libc.LastErrno == Errno.ENOENT ? null : throw Failed("statx", name);
        }
    }

    public static void MakeDirectory(this Fd directory, ReadOnlySpan<byte> name, uint mode)
    {
        if (!TryMakeDirectory(directory, name, mode))
        {
            throw new LinuxException(Errno.EEXIST, "mkdir", CString.Show(name));
        }
    }

    /// <summary>False when the name is taken already, by whatever (EEXIST).</summary>
    public static bool TryMakeDirectory(this Fd directory, ReadOnlySpan<byte> name, uint mode)
    {
        CString path = FileName.Checked(name);
        fixed (byte* p = path)
        {
            return Libc.mkdirat(directory.Raw, p, mode) == 0
                || (Libc.LastErrno == Errno.EEXIST ? false : throw Failed("mkdir", name));
        }
    }

    /// <summary>A device, fifo, socket or empty regular file. <paramref name="device"/> counts for devices only.</summary>
    public static void MakeNode(
        this Fd directory, ReadOnlySpan<byte> name, FileKind kind, uint mode, DeviceNumber device = default)
    {
        CString path = FileName.Checked(name);
        fixed (byte* p = path)
        {
            Check(Libc.mknodat(directory.Raw, p, (uint)kind | mode, device.Packed), "mknod", name);
        }
    }

    /// <summary>The target is any 1..4095 bytes but NUL; it is stored, not resolved.</summary>
    public static void MakeSymlink(this Fd directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        CString path = FileName.Checked(name);
        CString to = new(target);
        fixed (byte* p = path, t = to)
        {
            Check(Libc.symlinkat(t, directory.Raw, p), "symlink", name);
        }
    }

    /// <summary>A second name for <paramref name="existing"/> (itself, if it is a symbolic link).</summary>
    public static void MakeHardLink(
        this Fd directory, ReadOnlySpan<byte> name, Fd existingDirectory, ReadOnlySpan<byte> existing)
    {
        CString path = FileName.Checked(name);
        CString from = FileName.Checked(existing);
        fixed (byte* p = path, f = from)
        {
            Check(Libc.linkat(existingDirectory.Raw, f, directory.Raw, p, 0), "link", name);
        }
    }

    /// <summary>Gives an open file (O_TMPFILE, O_PATH) a name; EEXIST when it is taken.</summary>
    public static void LinkFile(this Fd directory, ReadOnlySpan<byte> name, Fd file)
    {
        CString path = FileName.Checked(name);
        CString from = ProcPath.Of(file);
        fixed (byte* p = path, f = from)
        {
            Check(Libc.linkat(Libc.AT_FDCWD, f, directory.Raw, p, Libc.AT_SYMLINK_FOLLOW), "link", name);
        }
    }

    public static void Unlink(this Fd directory, ReadOnlySpan<byte> name) => Remove(directory, name, 0, "unlink", true);

    /// <summary>False when there was no such name (ENOENT).</summary>
    public static bool TryUnlink(this Fd directory, ReadOnlySpan<byte> name) =>
        Remove(directory, name, 0, "unlink", false);

    public static void RemoveDirectory(this Fd directory, ReadOnlySpan<byte> name) =>
        Remove(directory, name, Libc.AT_REMOVEDIR, "rmdir", true);

    /// <summary>False when there was no such name (ENOENT).</summary>
    public static bool TryRemoveDirectory(this Fd directory, ReadOnlySpan<byte> name) =>
        Remove(directory, name, Libc.AT_REMOVEDIR, "rmdir", false);

    public static void Rename(
        this Fd directory, ReadOnlySpan<byte> name, Fd toDirectory, ReadOnlySpan<byte> toName, RenameFlags flags = default)
    {
        CString from = FileName.Checked(name);
        CString to = FileName.Checked(toName);
        fixed (byte* f = from, t = to)
        {
            Check(Libc.renameat2(directory.Raw, f, toDirectory.Raw, t, (uint)flags), "rename", name);
        }
    }

    /// <summary>The target of a symbolic link, as stored; EINVAL for anything else.</summary>
    public static byte[] ReadLink(this Fd directory, ReadOnlySpan<byte> name)
    {
        CString path = FileName.Checked(name);
        fixed (byte* p = path)
        {
            return OpenFile.ReadLinkAt(directory.Raw, p, name);
        }
    }

    /// <summary>Changes owner and group; clears set-uid and file capabilities, so call it before they are set.</summary>
    public static void SetOwner(this Fd directory, ReadOnlySpan<byte> name, uint uid, uint gid)
    {
        CString path = FileName.Checked(name);
        fixed (byte* p = path)
        {
            Check(Libc.fchownat(directory.Raw, p, uid, gid, Libc.AT_SYMLINK_NOFOLLOW), "chown", name);
        }
    }

    /// <summary>Sets 07777 bits; a symbolic link has none (EOPNOTSUPP).</summary>
    public static void SetMode(this Fd directory, ReadOnlySpan<byte> name, uint mode)
    {
        CString path = FileName.Checked(name);
        fixed (byte* p = path)
        {
            if (Libc.fchmodat2(directory.Raw, p, mode, Libc.AT_SYMLINK_NOFOLLOW) == 0)
            {
                return;
            }
        }

        if (Libc.LastErrno != Errno.ENOSYS)
        {
            throw Failed("chmod", name);
        }

        // Linux before 6.6: fchmodat(2) follows links, so the inode is pinned first
        using Fd file = directory.Open(name, OpenFlags.Path);
        file.SetMode(mode);
    }

    public static void SetTimes(this Fd directory, ReadOnlySpan<byte> name, FileTime access, FileTime modify)
    {
        CString path = FileName.Checked(name);
        Libc.timespec* times = stackalloc[] { access.Native, modify.Native };
        fixed (byte* p = path)
        {
            Check(Libc.utimensat(directory.Raw, p, times, Libc.AT_SYMLINK_NOFOLLOW), "utimensat", name);
        }
    }

    private static bool Remove(Fd directory, ReadOnlySpan<byte> name, int flags, string operation, bool must)
    {
        CString path = FileName.Checked(name);
        fixed (byte* p = path)
        {
            return Libc.unlinkat(directory.Raw, p, flags) == 0
                || (!must && Libc.LastErrno == Errno.ENOENT ? false : throw Failed(operation, name));
        }
    }

    private static void Check(int result, string operation, ReadOnlySpan<byte> name)
    {
        if (result < 0)
        {
            throw Failed(operation, name);
        }
    }

    private static LinuxException Failed(string operation, ReadOnlySpan<byte> name) =>
        new(Libc.LastErrno, operation, CString.Show(name));
}
