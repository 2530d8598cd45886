// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>System calls by what can go wrong in them.</summary>
internal static class CallKinds
{
    /// <summary>Calls that a full or a broken disk refuses, or a kernel that has no more of something.</summary>
    private static readonly string[] Storing =
    [
        "write", "pwrite64", "openat", "openat2", "mkdirat", "mkdir", "linkat", "renameat", "renameat2", "rename", "symlinkat",
        "mknodat", "ftruncate", "fallocate", "fsync", "fdatasync", "syncfs", "unlinkat", "unlink", "rmdir", "pread64", "read",
        "bind", "memfd_create", "epoll_ctl", "unshare", "fsmount", "move_mount", "open_tree", "mount", "sendfile",
        "copy_file_range", "setxattr", "fsetxattr",
    ];

    /// <summary>
    /// Calls that reach no disk, no device and no other process, so that EIO is no answer of theirs; close, which is done
    /// whatever it answers, and not when strace answers for it; and clone3, because most of them make the threads of
    /// .NET's runtime, which cannot be without (the launcher's own is refused in Tare.Prove), and setns, because no
    /// program can live on that is not let back into its own namespace.
    /// </summary>
    private static readonly string[] Inner =
    [
        "close", "close_range", "clone3", "setns", "fcntl", "futex", "mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "membarrier", "get_mempolicy",
        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "set_robust_list", "rseq", "set_tid_address",
        "arch_prctl", "prlimit64", "sched_getaffinity", "sched_yield", "getrandom", "exit", "exit_group", "getpid", "gettid",
        "getppid", "tgkill", "getuid", "geteuid", "getgid", "getegid", "umask", "uname", "sysinfo", "clock_nanosleep",
        "nanosleep", "restart_syscall", "poll", "ppoll", "epoll_wait", "epoll_pwait", "wait4", "waitid", "timerfd_create",
        "timerfd_settime", "setfsuid", "setfsgid", "dup", "dup2", "dup3",
    ];

    /// <summary>ENOSPC and EIO are answers of it.</summary>
    public static bool IsStoring(string call) => Storing.Contains(call);

    /// <summary>EIO is an answer of it, ENOSPC is not.</summary>
    public static bool IsOther(string call) => !Inner.Contains(call) && !IsStoring(call);
}
