// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>Files of the host by a path that we or the user chose; symbolic links are followed as usual.</summary>
/// <remarks>Never for a path with a component from an image, container or archive: those go through <see cref="Root"/>.</remarks>
internal static unsafe class HostPath
{
    /// <summary>man open(2). <paramref name="mode"/> is reduced by the process's umask.</summary>
    public static Fd Open(string path, OpenFlags flags, uint mode = 0) =>
        TryOpen(path, flags, mode) ?? throw new LinuxException(Errno.ENOENT, "open", path);

    /// <summary>Null when there is no such file (ENOENT).</summary>
    public static Fd? TryOpen(string path, OpenFlags flags, uint mode = 0)
    {
        CString text = new(path);
        fixed (byte* p = text)
        {
            int fd;
            do
            {
                fd = Libc.openat(Libc.AT_FDCWD, p, flags.ToNative(), mode);
            }
            while (fd < 0 && Libc.LastErrno == Errno.EINTR);
            if (fd >= 0)
            {
                return new Fd(fd);
            }

            Errno errno = Libc.LastErrno;
            return errno == Errno.ENOENT ? null : throw new LinuxException(errno, "open", path);
        }
    }

    /// <summary>Opens a directory for reading its names and for everything relative to it.</summary>
    public static Fd OpenDirectory(string path) => Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);

    /// <summary>As mkdir -p; new directories get exactly <paramref name="mode"/>. Opens the last one.</summary>
    public static Fd MakeDirectories(string path, uint mode)
    {
        if (TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory) is { } existing)
        {
            return existing;
        }

        string trimmed = path.TrimEnd('/');
        int slash = trimmed.LastIndexOf('/');
        string parent = slash < 0 ? "." : trimmed[..(slash + 1)];
        using Fd directory = MakeDirectories(parent, mode);
        byte[] name = System.Text.Encoding.UTF8.GetBytes(trimmed[(slash + 1)..]);
        bool made = directory.TryMakeDirectory(name, mode);
        Fd result = directory.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (made)
        {
            result.SetMode(mode);
        }

        return result;
    }

    /// <summary>Null when there is no such file; the target's status when it is a symbolic link.</summary>
    public static FileStatus? TryStatus(string path)
    {
        using Fd? file = TryOpen(path, OpenFlags.Path);
        return file?.Status();
    }

    /// <summary>As <see cref="TryStatus"/> by one call, of a symbolic link itself; for who asks often.</summary>
    public static FileStatus? TryOwnStatus(ReadOnlySpan<byte> path)
    {
        CString text = new(path);
        fixed (byte* p = text)
        {
            return OpenFile.TryStatx(Libc.AT_FDCWD, p, out FileStatus status) ? status
                : Libc.LastErrno is Errno.ENOENT or Errno.ENOTDIR ? null
                : throw new LinuxException(Libc.LastErrno, "statx", CString.Show(path));
        }
    }

    /// <summary>The whole content; EFBIG when it is more than <paramref name="maxBytes"/>.</summary>
    public static byte[] ReadAll(string path, int maxBytes)
    {
        using Fd file = Open(path, OpenFlags.ReadOnly);
        return file.ReadAll(maxBytes);
    }

    /// <summary>Null when there is no such file.</summary>
    public static byte[]? TryReadAll(string path, int maxBytes)
    {
        using Fd? file = TryOpen(path, OpenFlags.ReadOnly);
        return file?.ReadAll(maxBytes);
    }

    /// <summary>Writes to a file that exists (a knob of /proc, /sys or a cgroup) in one call.</summary>
    public static void WriteExisting(string path, ReadOnlySpan<byte> bytes)
    {
        using Fd file = Open(path, OpenFlags.WriteOnly);
        file.Write(bytes);
    }
}
