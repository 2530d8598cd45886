// SPDX-License-Identifier: Apache-2.0
// setxattr(2), getxattr(2), listxattr(2), removexattr(2); the path forms are used with /proc/self/fd only
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fsetxattr(int fd, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint fgetxattr(int fd, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint getxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint flistxattr(int fd, byte* list, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint listxattr(byte* path, byte* list, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fremovexattr(int fd, byte* name);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int removexattr(byte* path, byte* name);

    /// <summary>Linux 6.13.</summary>
    internal static int setxattrat(int dirfd, byte* path, int flags, byte* name, xattr_args* arguments) =>
        (int)syscall(SystemCall.setxattrat, dirfd, (nint)path, flags, (nint)name, (nint)arguments, sizeof(xattr_args));

    [StructLayout(LayoutKind.Sequential)]
    internal struct xattr_args
    {
        public ulong value;
        public uint size;
        public uint flags;
    }
}
