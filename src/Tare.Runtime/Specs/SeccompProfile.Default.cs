// SPDX-License-Identifier: Apache-2.0
// Written by eng/seccomp-profile; do not edit.
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

internal sealed partial record SeccompProfile
{
    /// <summary>Docker's default profile, as data, so that no JSON is read when a container starts.</summary>
    public static SeccompProfile Default => field ??= new(SeccompAction.Errno)
    {
        DefaultErrnoRet = 1,
        ArchMap =
        [
            new("SCMP_ARCH_X86_64") { SubArchitectures = ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
            new("SCMP_ARCH_AARCH64") { SubArchitectures = ["SCMP_ARCH_ARM"] },
        ],
        Syscalls = DefaultRules(),
    };

    private static SeccompProfileRule[] DefaultRules() =>
    [
        new(SeccompAction.Allow)
        {
            Names =
            [
                "_llseek", "_newselect", "accept", "accept4", "access", "adjtimex", "alarm", "bind", "brk", "cachestat",
                "capget", "capset", "chdir", "chmod", "chown", "chown32", "clock_adjtime", "clock_adjtime64",
                "clock_getres", "clock_getres_time64", "clock_gettime", "clock_gettime64", "clock_nanosleep",
                "clock_nanosleep_time64", "close", "close_range", "connect", "copy_file_range", "creat", "dup", "dup2",
                "dup3", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_ctl_old", "epoll_pwait", "epoll_pwait2",
                "epoll_wait", "epoll_wait_old", "eventfd", "eventfd2", "execve", "execveat", "exit", "exit_group",
                "faccessat", "faccessat2", "fadvise64", "fadvise64_64", "fallocate", "fanotify_mark", "fchdir",
                "fchmod", "fchmodat", "fchmodat2", "fchown", "fchown32", "fchownat", "fcntl", "fcntl64", "fdatasync",
                "fgetxattr", "flistxattr", "flock", "fork", "fremovexattr", "fsetxattr", "fstat", "fstat64",
                "fstatat64", "fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64", "futex", "futex_requeue",
                "futex_time64", "futex_wait", "futex_waitv", "futex_wake", "futimesat", "get_robust_list",
                "get_thread_area", "getcpu", "getcwd", "getdents", "getdents64", "getegid", "getegid32", "geteuid",
                "geteuid32", "getgid", "getgid32", "getgroups", "getgroups32", "getitimer", "getpeername", "getpgid",
                "getpgrp", "getpid", "getppid", "getpriority", "getrandom", "getresgid", "getresgid32", "getresuid",
                "getresuid32", "getrlimit", "getrusage", "getsid", "getsockname", "getsockopt", "gettid",
                "gettimeofday", "getuid", "getuid32", "getxattr", "getxattrat", "inotify_add_watch", "inotify_init",
                "inotify_init1", "inotify_rm_watch", "io_cancel", "io_destroy", "io_getevents", "io_pgetevents",
                "io_pgetevents_time64", "io_setup", "io_submit", "ioctl", "ioprio_get", "ioprio_set", "ipc", "kill",
                "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "lchown", "lchown32",
                "lgetxattr", "link", "linkat", "listen", "listmount", "listxattr", "listxattrat", "llistxattr",
                "lremovexattr", "lseek", "lsetxattr", "lstat", "lstat64", "madvise", "map_shadow_stack", "membarrier",
                "memfd_create", "memfd_secret", "mincore", "mkdir", "mkdirat", "mknod", "mknodat", "mlock", "mlock2",
                "mlockall", "mmap", "mmap2", "mprotect", "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive",
                "mq_timedreceive_time64", "mq_timedsend", "mq_timedsend_time64", "mq_unlink", "mremap", "mseal",
                "msgctl", "msgget", "msgrcv", "msgsnd", "msync", "munlock", "munlockall", "munmap", "name_to_handle_at",
                "nanosleep", "newfstatat", "open", "openat", "openat2", "pause", "pidfd_open", "pidfd_send_signal",
                "pipe", "pipe2", "pkey_alloc", "pkey_free", "pkey_mprotect", "poll", "ppoll", "ppoll_time64", "prctl",
                "pread64", "preadv", "preadv2", "prlimit64", "process_mrelease", "pselect6", "pselect6_time64",
                "pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink", "readlinkat", "readv", "recv",
                "recvfrom", "recvmmsg", "recvmmsg_time64", "recvmsg", "remap_file_pages", "removexattr",
                "removexattrat", "rename", "renameat", "renameat2", "restart_syscall", "riscv_hwprobe", "rmdir", "rseq",
                "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend",
                "rt_sigtimedwait", "rt_sigtimedwait_time64", "rt_tgsigqueueinfo", "sched_get_priority_max",
                "sched_get_priority_min", "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler",
                "sched_rr_get_interval", "sched_rr_get_interval_time64", "sched_setaffinity", "sched_setattr",
                "sched_setparam", "sched_setscheduler", "sched_yield", "seccomp", "select", "semctl", "semget", "semop",
                "semtimedop", "semtimedop_time64", "send", "sendfile", "sendfile64", "sendmmsg", "sendmsg", "sendto",
                "set_robust_list", "set_thread_area", "set_tid_address", "setfsgid", "setfsgid32", "setfsuid",
                "setfsuid32", "setgid", "setgid32", "setgroups", "setgroups32", "setitimer", "setpgid", "setpriority",
                "setregid", "setregid32", "setresgid", "setresgid32", "setresuid", "setresuid32", "setreuid",
                "setreuid32", "setrlimit", "setsid", "setsockopt", "setuid", "setuid32", "setxattr", "setxattrat",
                "shmat", "shmctl", "shmdt", "shmget", "shutdown", "sigaltstack", "signalfd", "signalfd4", "sigprocmask",
                "sigreturn", "socketcall", "socketpair", "splice", "stat", "stat64", "statfs", "statfs64", "statmount",
                "statx", "symlink", "symlinkat", "sync", "sync_file_range", "syncfs", "sysinfo", "tee", "tgkill",
                "time", "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_gettime64",
                "timer_settime", "timer_settime64", "timerfd_create", "timerfd_gettime", "timerfd_gettime64",
                "timerfd_settime", "timerfd_settime64", "times", "tkill", "truncate", "truncate64", "ugetrlimit",
                "umask", "uname", "unlink", "unlinkat", "uretprobe", "utime", "utimensat", "utimensat_time64", "utimes",
                "vfork", "vmsplice", "wait4", "waitid", "waitpid", "write", "writev"
            ],
        },
        new(SeccompAction.Allow)
        {
            Names = ["process_vm_readv", "process_vm_writev", "ptrace"],
            Includes = new SeccompCondition { MinKernel = "4.8" },
        },
        new(SeccompAction.Allow)
        {
            Names = ["socket"],
            Args = [new SyscallArgument(0, 38, SeccompOperator.Less)],
        },
        new(SeccompAction.Allow)
        {
            Names = ["socket"],
            Args = [new SyscallArgument(0, 39, SeccompOperator.Equal)],
        },
        new(SeccompAction.Allow)
        {
            Names = ["socket"],
            Args = [new SyscallArgument(0, 40, SeccompOperator.Greater)],
        },
        new(SeccompAction.Allow)
        {
            Names = ["personality"],
            Args = [new SyscallArgument(0, 0, SeccompOperator.Equal)],
        },
        new(SeccompAction.Allow)
        {
            Names = ["personality"],
            Args = [new SyscallArgument(0, 8, SeccompOperator.Equal)],
        },
        new(SeccompAction.Allow)
        {
            Names = ["personality"],
            Args = [new SyscallArgument(0, 131072, SeccompOperator.Equal)],
        },
        new(SeccompAction.Allow)
        {
            Names = ["personality"],
            Args = [new SyscallArgument(0, 131080, SeccompOperator.Equal)],
        },
        new(SeccompAction.Allow)
        {
            Names = ["personality"],
            Args = [new SyscallArgument(0, 4294967295, SeccompOperator.Equal)],
        },
        new(SeccompAction.Allow)
        {
            Names =
            [
                "arm_fadvise64_64", "arm_sync_file_range", "breakpoint", "cacheflush", "set_tls", "sync_file_range2"
            ],
            Includes = new SeccompCondition { Arches = ["arm", "arm64"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["arch_prctl"],
            Includes = new SeccompCondition { Arches = ["amd64", "x32"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["modify_ldt"],
            Includes = new SeccompCondition { Arches = ["amd64", "x32", "x86"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["open_by_handle_at"],
            Includes = new SeccompCondition { Caps = ["CAP_DAC_READ_SEARCH"] },
        },
        new(SeccompAction.Allow)
        {
            Names =
            [
                "bpf", "clone", "clone3", "fanotify_init", "fsconfig", "fsmount", "fsopen", "fspick", "lookup_dcookie",
                "lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr", "mount", "mount_setattr", "move_mount",
                "open_tree", "perf_event_open", "quotactl", "quotactl_fd", "setdomainname", "sethostname", "setns",
                "syslog", "umount", "umount2", "unshare"
            ],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_ADMIN"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["clone"],
            Args = [new SyscallArgument(0, 2114060288, SeccompOperator.MaskedEqual)],
            Excludes = new SeccompCondition { Caps = ["CAP_SYS_ADMIN"], Arches = ["s390", "s390x"] },
        },
        new(SeccompAction.Errno)
        {
            Names = ["clone3"],
            ErrnoRet = 38,
            Excludes = new SeccompCondition { Caps = ["CAP_SYS_ADMIN"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["reboot"],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_BOOT"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["chroot"],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_CHROOT"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["delete_module", "finit_module", "init_module"],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_MODULE"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["acct"],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_PACCT"] },
        },
        new(SeccompAction.Allow)
        {
            Names =
            [
                "kcmp", "pidfd_getfd", "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace"
            ],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_PTRACE"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["ioperm", "iopl"],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_RAWIO"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["clock_settime", "clock_settime64", "settimeofday", "stime"],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_TIME"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["vhangup"],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_TTY_CONFIG"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["get_mempolicy", "mbind", "set_mempolicy", "set_mempolicy_home_node"],
            Includes = new SeccompCondition { Caps = ["CAP_SYS_NICE"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["syslog"],
            Includes = new SeccompCondition { Caps = ["CAP_SYSLOG"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["bpf"],
            Includes = new SeccompCondition { Caps = ["CAP_BPF"] },
        },
        new(SeccompAction.Allow)
        {
            Names = ["perf_event_open"],
            Includes = new SeccompCondition { Caps = ["CAP_PERFMON"] },
        },
    ];
}
