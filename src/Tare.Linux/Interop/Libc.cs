// SPDX-License-Identifier: Apache-2.0
// close(2), fcntl(2), syscall(2); the other families stand beside this file, one man-page family per file
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

/// <summary>The C library, signatures and constants exactly as in C.</summary>
internal static unsafe partial class Libc
{
    internal const int AT_FDCWD = -100;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fcntl(int fd, int cmd, nint arg);

    /// <summary>For calls that glibc 2.36 does not wrap; numbers come from the table of system calls.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>The error of the last failed call of this thread.</summary>
    internal static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Returns <paramref name="result"/>, or throws the thread's errno when it is negative.</summary>
    internal static int Check(int result, string operation, string? subject = null)
    {
        if (result < 0)
        {
            Throw(operation, subject);
        }

        return result;
    }

    internal static nint Check(nint result, string operation, string? subject = null)
    {
        if (result < 0)
        {
            Throw(operation, subject);
        }

        return result;
    }

    [DoesNotReturn]
    private static void Throw(string operation, string? subject) =>
        throw new LinuxException(LastErrno, operation, subject);
}
