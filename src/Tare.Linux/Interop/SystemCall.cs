// SPDX-License-Identifier: Apache-2.0
// syscalls(2): numbers from linux-libc-dev, asm/unistd_64.h and asm-generic/unistd.h; since 424 the two are equal
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

/// <summary>Numbers of the system calls Tare makes itself, for the machine's own architecture (x86_64 or aarch64).</summary>
/// <remarks>Names as in C. The native compiler folds the architecture, so that each of these is a constant.</remarks>
internal static class SystemCall
{
    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    // files
    internal static int openat => IsArm64 ? 56 : 257;
    internal static int openat2 => 437;
    internal static int close => IsArm64 ? 57 : 3;
    internal static int close_range => 436;
    internal static int read => IsArm64 ? 63 : 0;
    internal static int write => IsArm64 ? 64 : 1;
    internal static int pread64 => IsArm64 ? 67 : 17;
    internal static int pwrite64 => IsArm64 ? 68 : 18;
    internal static int readv => IsArm64 ? 65 : 19;
    internal static int writev => IsArm64 ? 66 : 20;
    internal static int preadv2 => IsArm64 ? 286 : 327;
    internal static int pwritev2 => IsArm64 ? 287 : 328;
    internal static int lseek => IsArm64 ? 62 : 8;
    internal static int fcntl => IsArm64 ? 25 : 72;
    internal static int ioctl => IsArm64 ? 29 : 16;
    internal static int dup => IsArm64 ? 23 : 32;
    internal static int dup3 => IsArm64 ? 24 : 292;
    internal static int pipe2 => IsArm64 ? 59 : 293;
    internal static int fstat => IsArm64 ? 80 : 5;
    internal static int newfstatat => IsArm64 ? 79 : 262;
    internal static int statx => IsArm64 ? 291 : 332;
    internal static int statfs => IsArm64 ? 43 : 137;
    internal static int fstatfs => IsArm64 ? 44 : 138;
    internal static int faccessat => IsArm64 ? 48 : 269;
    internal static int faccessat2 => 439;
    internal static int readlinkat => IsArm64 ? 78 : 267;
    internal static int getdents64 => IsArm64 ? 61 : 217;
    internal static int mkdirat => IsArm64 ? 34 : 258;
    internal static int mknodat => IsArm64 ? 33 : 259;
    internal static int symlinkat => IsArm64 ? 36 : 266;
    internal static int linkat => IsArm64 ? 37 : 265;
    internal static int unlinkat => IsArm64 ? 35 : 263;
    internal static int renameat2 => IsArm64 ? 276 : 316;
    internal static int fchmod => IsArm64 ? 52 : 91;
    internal static int fchmodat => IsArm64 ? 53 : 268;
    internal static int fchmodat2 => 452;
    internal static int fchown => IsArm64 ? 55 : 93;
    internal static int fchownat => IsArm64 ? 54 : 260;
    internal static int utimensat => IsArm64 ? 88 : 280;
    internal static int umask => IsArm64 ? 166 : 95;
    internal static int truncate => IsArm64 ? 45 : 76;
    internal static int ftruncate => IsArm64 ? 46 : 77;
    internal static int fallocate => IsArm64 ? 47 : 285;
    internal static int fadvise64 => IsArm64 ? 223 : 221;
    internal static int flock => IsArm64 ? 32 : 73;
    internal static int fsync => IsArm64 ? 82 : 74;
    internal static int fdatasync => IsArm64 ? 83 : 75;
    internal static int sync => IsArm64 ? 81 : 162;
    internal static int syncfs => IsArm64 ? 267 : 306;
    internal static int copy_file_range => IsArm64 ? 285 : 326;
    internal static int sendfile => IsArm64 ? 71 : 40;
    internal static int splice => IsArm64 ? 76 : 275;
    internal static int tee => IsArm64 ? 77 : 276;
    internal static int vmsplice => IsArm64 ? 75 : 278;
    internal static int memfd_create => IsArm64 ? 279 : 319;
    internal static int name_to_handle_at => IsArm64 ? 264 : 303;
    internal static int open_by_handle_at => IsArm64 ? 265 : 304;
    internal static int chdir => IsArm64 ? 49 : 80;
    internal static int fchdir => IsArm64 ? 50 : 81;
    internal static int chroot => IsArm64 ? 51 : 161;
    internal static int getcwd => IsArm64 ? 17 : 79;

    // extended attributes
    internal static int setxattr => IsArm64 ? 5 : 188;
    internal static int lsetxattr => IsArm64 ? 6 : 189;
    internal static int fsetxattr => IsArm64 ? 7 : 190;
    internal static int getxattr => IsArm64 ? 8 : 191;
    internal static int lgetxattr => IsArm64 ? 9 : 192;
    internal static int fgetxattr => IsArm64 ? 10 : 193;
    internal static int listxattr => IsArm64 ? 11 : 194;
    internal static int llistxattr => IsArm64 ? 12 : 195;
    internal static int flistxattr => IsArm64 ? 13 : 196;
    internal static int removexattr => IsArm64 ? 14 : 197;
    internal static int lremovexattr => IsArm64 ? 15 : 198;
    internal static int fremovexattr => IsArm64 ? 16 : 199;
    internal static int setxattrat => 463;
    internal static int getxattrat => 464;
    internal static int listxattrat => 465;
    internal static int removexattrat => 466;

    // mounts
    internal static int mount => IsArm64 ? 40 : 165;
    internal static int umount2 => IsArm64 ? 39 : 166;
    internal static int pivot_root => IsArm64 ? 41 : 155;
    internal static int fsopen => 430;
    internal static int fsconfig => 431;
    internal static int fsmount => 432;
    internal static int fspick => 433;
    internal static int open_tree => 428;
    internal static int open_tree_attr => 467;
    internal static int move_mount => 429;
    internal static int mount_setattr => 442;
    internal static int statmount => 457;
    internal static int listmount => 458;
    internal static int quotactl_fd => 443;

    // processes
    internal static int clone => IsArm64 ? 220 : 56;
    internal static int clone3 => 435;
    internal static int execve => IsArm64 ? 221 : 59;
    internal static int execveat => IsArm64 ? 281 : 322;
    internal static int exit => IsArm64 ? 93 : 60;
    internal static int exit_group => IsArm64 ? 94 : 231;
    internal static int wait4 => IsArm64 ? 260 : 61;
    internal static int waitid => IsArm64 ? 95 : 247;
    internal static int kill => IsArm64 ? 129 : 62;
    internal static int tkill => IsArm64 ? 130 : 200;
    internal static int tgkill => IsArm64 ? 131 : 234;
    internal static int pidfd_open => 434;
    internal static int pidfd_send_signal => 424;
    internal static int pidfd_getfd => 438;
    internal static int process_mrelease => 448;
    internal static int getpid => IsArm64 ? 172 : 39;
    internal static int getppid => IsArm64 ? 173 : 110;
    internal static int gettid => IsArm64 ? 178 : 186;
    internal static int getpgid => IsArm64 ? 155 : 121;
    internal static int setpgid => IsArm64 ? 154 : 109;
    internal static int getsid => IsArm64 ? 156 : 124;
    internal static int setsid => IsArm64 ? 157 : 112;
    internal static int unshare => IsArm64 ? 97 : 272;
    internal static int setns => IsArm64 ? 268 : 308;
    internal static int prctl => IsArm64 ? 167 : 157;
    internal static int seccomp => IsArm64 ? 277 : 317;
    internal static int ptrace => IsArm64 ? 117 : 101;
    internal static int personality => IsArm64 ? 92 : 135;

    // users, groups, capabilities
    internal static int getuid => IsArm64 ? 174 : 102;
    internal static int geteuid => IsArm64 ? 175 : 107;
    internal static int getgid => IsArm64 ? 176 : 104;
    internal static int getegid => IsArm64 ? 177 : 108;
    internal static int setuid => IsArm64 ? 146 : 105;
    internal static int setgid => IsArm64 ? 144 : 106;
    internal static int setreuid => IsArm64 ? 145 : 113;
    internal static int setregid => IsArm64 ? 143 : 114;
    internal static int setresuid => IsArm64 ? 147 : 117;
    internal static int getresuid => IsArm64 ? 148 : 118;
    internal static int setresgid => IsArm64 ? 149 : 119;
    internal static int getresgid => IsArm64 ? 150 : 120;
    internal static int setfsuid => IsArm64 ? 151 : 122;
    internal static int setfsgid => IsArm64 ? 152 : 123;
    internal static int getgroups => IsArm64 ? 158 : 115;
    internal static int setgroups => IsArm64 ? 159 : 116;
    internal static int capget => IsArm64 ? 90 : 125;
    internal static int capset => IsArm64 ? 91 : 126;

    // limits and scheduling
    internal static int prlimit64 => IsArm64 ? 261 : 302;
    internal static int getrlimit => IsArm64 ? 163 : 97;
    internal static int setrlimit => IsArm64 ? 164 : 160;
    internal static int getpriority => IsArm64 ? 141 : 140;
    internal static int setpriority => IsArm64 ? 140 : 141;
    internal static int sched_setscheduler => IsArm64 ? 119 : 144;
    internal static int sched_getscheduler => IsArm64 ? 120 : 145;
    internal static int sched_setparam => IsArm64 ? 118 : 142;
    internal static int sched_getparam => IsArm64 ? 121 : 143;
    internal static int sched_setattr => IsArm64 ? 274 : 314;
    internal static int sched_getattr => IsArm64 ? 275 : 315;
    internal static int sched_setaffinity => IsArm64 ? 122 : 203;
    internal static int sched_getaffinity => IsArm64 ? 123 : 204;
    internal static int sched_yield => IsArm64 ? 124 : 24;
    internal static int ioprio_set => IsArm64 ? 30 : 251;
    internal static int ioprio_get => IsArm64 ? 31 : 252;
    internal static int set_mempolicy => IsArm64 ? 237 : 238;
    internal static int getrusage => IsArm64 ? 165 : 98;

    // signals
    internal static int rt_sigaction => IsArm64 ? 134 : 13;
    internal static int rt_sigprocmask => IsArm64 ? 135 : 14;
    internal static int rt_sigpending => IsArm64 ? 136 : 127;
    internal static int rt_sigtimedwait => IsArm64 ? 137 : 128;
    internal static int rt_sigsuspend => IsArm64 ? 133 : 130;
    internal static int rt_sigqueueinfo => IsArm64 ? 138 : 129;
    internal static int sigaltstack => IsArm64 ? 132 : 131;
    internal static int signalfd4 => IsArm64 ? 74 : 289;

    // waiting
    internal static int epoll_create1 => IsArm64 ? 20 : 291;
    internal static int epoll_ctl => IsArm64 ? 21 : 233;
    internal static int epoll_pwait => IsArm64 ? 22 : 281;
    internal static int epoll_pwait2 => 441;
    internal static int eventfd2 => IsArm64 ? 19 : 290;
    internal static int timerfd_create => IsArm64 ? 85 : 283;
    internal static int timerfd_settime => IsArm64 ? 86 : 286;
    internal static int timerfd_gettime => IsArm64 ? 87 : 287;
    internal static int ppoll => IsArm64 ? 73 : 271;
    internal static int pselect6 => IsArm64 ? 72 : 270;
    internal static int futex => IsArm64 ? 98 : 202;
    internal static int nanosleep => IsArm64 ? 101 : 35;
    internal static int clock_gettime => IsArm64 ? 113 : 228;
    internal static int clock_nanosleep => IsArm64 ? 115 : 230;

    // memory
    internal static int mmap => IsArm64 ? 222 : 9;
    internal static int munmap => IsArm64 ? 215 : 11;
    internal static int mprotect => IsArm64 ? 226 : 10;
    internal static int mremap => IsArm64 ? 216 : 25;
    internal static int madvise => IsArm64 ? 233 : 28;
    internal static int mlock => IsArm64 ? 228 : 149;
    internal static int munlock => IsArm64 ? 229 : 150;
    internal static int mlockall => IsArm64 ? 230 : 151;
    internal static int msync => IsArm64 ? 227 : 26;
    internal static int brk => IsArm64 ? 214 : 12;

    // host
    internal static int uname => IsArm64 ? 160 : 63;
    internal static int sysinfo => IsArm64 ? 179 : 99;
    internal static int sethostname => IsArm64 ? 161 : 170;
    internal static int setdomainname => IsArm64 ? 162 : 171;
    internal static int getrandom => IsArm64 ? 278 : 318;
    internal static int bpf => IsArm64 ? 280 : 321;
    internal static int keyctl => IsArm64 ? 219 : 250;
    internal static int add_key => IsArm64 ? 217 : 248;

    // sockets
    internal static int socket => IsArm64 ? 198 : 41;
    internal static int socketpair => IsArm64 ? 199 : 53;
    internal static int bind => IsArm64 ? 200 : 49;
    internal static int listen => IsArm64 ? 201 : 50;
    internal static int accept4 => IsArm64 ? 242 : 288;
    internal static int connect => IsArm64 ? 203 : 42;
    internal static int getsockname => IsArm64 ? 204 : 51;
    internal static int getpeername => IsArm64 ? 205 : 52;
    internal static int sendto => IsArm64 ? 206 : 44;
    internal static int recvfrom => IsArm64 ? 207 : 45;
    internal static int sendmsg => IsArm64 ? 211 : 46;
    internal static int recvmsg => IsArm64 ? 212 : 47;
    internal static int shutdown => IsArm64 ? 210 : 48;
    internal static int setsockopt => IsArm64 ? 208 : 54;
    internal static int getsockopt => IsArm64 ? 209 : 55;

    // landlock
    internal static int landlock_create_ruleset => 444;
    internal static int landlock_add_rule => 445;
    internal static int landlock_restrict_self => 446;
}
