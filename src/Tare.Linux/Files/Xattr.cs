// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>Extended attributes of the inode behind a descriptor, which may be O_PATH and may be a symbolic link.</summary>
/// <remarks>
/// man xattr(7): <c>user.*</c> exists on regular files and directories only (EPERM elsewhere), <c>trusted.*</c> needs
/// CAP_SYS_ADMIN, <c>security.capability</c> CAP_SETFCAP. Names are bytes with their prefix.
/// </remarks>
internal static unsafe class Xattr
{
    /// <summary>XATTR_SIZE_MAX: bytes of one value.</summary>
    public const int MaxValueBytes = 65536;

    /// <summary>XATTR_LIST_MAX: bytes of all names with their NULs.</summary>
    public const int MaxListBytes = 65536;

    /// <summary>Creates or replaces.</summary>
    public static void SetXattr(this Fd file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        CString attribute = new(name);
        fixed (byte* n = attribute, v = value)
        {
            int result = Libc.fsetxattr(file.Raw, n, v, (nuint)value.Length, 0);
            if (result < 0 && Libc.LastErrno == Errno.EBADF)
            {
                CString path = ProcPath.Of(file);
                fixed (byte* p = path)
                {
                    result = Libc.setxattr(p, n, v, (nuint)value.Length, 0);
                }
            }

            Check(result, "setxattr", name);
        }
    }

    /// <summary>As the other, on a name in a directory; a symbolic link itself, not its target.</summary>
    public static void SetXattr(this Fd directory, ReadOnlySpan<byte> file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        CString path = FileName.Checked(file);
        CString attribute = new(name);
        fixed (byte* p = path, n = attribute, v = value)
        {
            Libc.xattr_args arguments = new() { value = (ulong)v, size = (uint)value.Length };
            if (Libc.setxattrat(directory.Raw, p, Libc.AT_SYMLINK_NOFOLLOW, n, &arguments) == 0)
            {
                return;
            }
        }

        if (Libc.LastErrno != Errno.ENOSYS)
        {
            throw new LinuxException(Libc.LastErrno, "setxattr", $"{CString.Show(name)} of {CString.Show(file)}");
        }

        using Fd pinned = directory.Open(file, OpenFlags.Path);
        pinned.SetXattr(name, value);
    }

    /// <summary>The value, maybe empty; null when the inode has none of that name or cannot have any.</summary>
    public static byte[]? GetXattr(this Fd file, ReadOnlySpan<byte> name)
    {
        CString attribute = new(name);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxValueBytes);
        try
        {
            fixed (byte* n = attribute, b = buffer)
            {
                nint size = Libc.fgetxattr(file.Raw, n, b, MaxValueBytes);
                if (size < 0 && Libc.LastErrno == Errno.EBADF)
                {
                    CString path = ProcPath.Of(file);
                    fixed (byte* p = path)
                    {
                        size = Libc.getxattr(p, n, b, MaxValueBytes);
                    }
                }

                if (size < 0 && Libc.LastErrno is Errno.ENODATA or Errno.EOPNOTSUPP)
                {
                    return null;
                }

                Check(size, "getxattr", name);
                return buffer.AsSpan(0, (int)size).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>All names, in the order of the file system; none where attributes are not supported.</summary>
    public static IReadOnlyList<byte[]> ListXattrs(this Fd file)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxListBytes);
        try
        {
            nint size;
            fixed (byte* b = buffer)
            {
                size = Libc.flistxattr(file.Raw, b, MaxListBytes);
                if (size < 0 && Libc.LastErrno == Errno.EBADF)
                {
                    CString path = ProcPath.Of(file);
                    fixed (byte* p = path)
                    {
                        size = Libc.listxattr(p, b, MaxListBytes);
                    }
                }
            }

            if (size < 0 && Libc.LastErrno == Errno.EOPNOTSUPP)
            {
                return [];
            }

            Check(size, "listxattr", default);
            return Split(buffer.AsSpan(0, (int)size));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>False when there was none of that name.</summary>
    public static bool RemoveXattr(this Fd file, ReadOnlySpan<byte> name)
    {
        CString attribute = new(name);
        fixed (byte* n = attribute)
        {
            int result = Libc.fremovexattr(file.Raw, n);
            if (result < 0 && Libc.LastErrno == Errno.EBADF)
            {
                CString path = ProcPath.Of(file);
                fixed (byte* p = path)
                {
                    result = Libc.removexattr(p, n);
                }
            }

            if (result < 0 && Libc.LastErrno == Errno.ENODATA)
            {
                return false;
            }

            Check(result, "removexattr", name);
            return true;
        }
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> list)
    {
        List<byte[]> names = [];
        while (!list.IsEmpty)
        {
            int end = list.IndexOf((byte)0);
            names.Add(list[..end].ToArray());
            list = list[(end + 1)..];
        }

        return names;
    }

    private static void Check(nint result, string operation, ReadOnlySpan<byte> name)
    {
        if (result < 0)
        {
            throw new LinuxException(Libc.LastErrno, operation, CString.Show(name));
        }
    }
}
