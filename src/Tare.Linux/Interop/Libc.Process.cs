// SPDX-License-Identifier: Apache-2.0
// waitid(2), mmap(2), prctl(2), posix_spawn(3), prlimit(2), capget(2)
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

internal static unsafe partial class Libc
{
    internal const int P_PID = 1;
    internal const int P_PIDFD = 3;
    internal const int WEXITED = 4;
    internal const int WNOHANG = 1;
    internal const int CLD_EXITED = 1;
    internal const int CLD_KILLED = 2;
    internal const int CLD_DUMPED = 3;
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;
    internal const int MAP_PRIVATE = 2;
    internal const int MAP_ANONYMOUS = 0x20;

    /// <summary>_IOWR(0xFF, 11, struct pidfd_info) with the first published size of the struct, 64.</summary>
    internal const nuint PIDFD_GET_INFO = 0xC040FF0B;
    internal const ulong PIDFD_INFO_EXIT = 8;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int waitid(int idtype, int id, siginfo_t* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    internal static partial int malloc_trim(nuint pad);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    /// <summary>linux/pidfd.h: mask, cgroup id, eleven ids, exit code.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    internal struct pidfd_info
    {
        [FieldOffset(0)]
        public ulong mask;
        [FieldOffset(60)]
        public int exit_code;
    }

    /// <summary>The head of siginfo_t as SIGCHLD and waitid(2) fill it; 128 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct siginfo_t
    {
        public int si_signo;
        public int si_errno;
        public int si_code;
        private readonly int _pad;
        public int si_pid;
        public uint si_uid;
        public int si_status;
    }
}
