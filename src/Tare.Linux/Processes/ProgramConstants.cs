// SPDX-License-Identifier: Apache-2.0
// openat2(2), mount(2), fsopen(2), move_mount(2), mount_setattr(2), setns(2), prctl(2), capset(2), seccomp(2), inode(7)
namespace Tare.Linux.Processes;

/// <summary>Constants of the calls that launch programs make, named as in C; equal on x86-64 and arm64 but for open(2).</summary>
internal static class ProgramConstants
{
    // open(2), openat2(2)
    internal const int AT_FDCWD = -100;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const int AT_RECURSIVE = 0x8000;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const long O_RDONLY = 0;
    internal const long O_WRONLY = 1;
    internal const long O_CLOEXEC = 0x80000;
    internal const long O_PATH = 0x200000;
    internal const ulong RESOLVE_NO_XDEV = 1;
    internal const ulong RESOLVE_NO_MAGICLINKS = 2;
    internal const ulong RESOLVE_NO_SYMLINKS = 4;
    internal const ulong RESOLVE_BENEATH = 8;
    internal const ulong RESOLVE_IN_ROOT = 0x10;
    internal const uint S_IFCHR = 0x2000;
    internal const uint S_IFBLK = 0x6000;
    internal const uint S_IFREG = 0x8000;
    internal const uint S_IFIFO = 0x1000;

    // fsopen(2), fsconfig(2), fsmount(2), open_tree(2), move_mount(2)
    internal const int FSOPEN_CLOEXEC = 1;
    internal const int FSCONFIG_SET_FLAG = 0;
    internal const int FSCONFIG_SET_STRING = 1;
    internal const int FSCONFIG_CMD_CREATE = 6;
    internal const int FSMOUNT_CLOEXEC = 1;
    internal const int OPEN_TREE_CLONE = 1;
    internal const int OPEN_TREE_CLOEXEC = 0x80000;
    internal const int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    internal const int MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    // mount_setattr(2), mount(2), umount2(2)
    internal const ulong MOUNT_ATTR_RDONLY = 0x1;
    internal const ulong MOUNT_ATTR_NOSUID = 0x2;
    internal const ulong MOUNT_ATTR_NODEV = 0x4;
    internal const ulong MOUNT_ATTR_NOEXEC = 0x8;
    internal const ulong MOUNT_ATTR__ATIME = 0x70;
    internal const ulong MOUNT_ATTR_NOATIME = 0x10;
    internal const ulong MOUNT_ATTR_STRICTATIME = 0x20;
    internal const ulong MOUNT_ATTR_NODIRATIME = 0x80;
    internal const ulong MOUNT_ATTR_NOSYMFOLLOW = 0x200000;
    internal const int MOUNT_ATTR_SIZE = 32;
    internal const ulong MS_REC = 0x4000;
    internal const ulong MS_UNBINDABLE = 1 << 17;
    internal const ulong MS_PRIVATE = 1 << 18;
    internal const ulong MS_SLAVE = 1 << 19;
    internal const ulong MS_SHARED = 1 << 20;
    internal const int MNT_DETACH = 2;

    // namespaces(7)
    internal const ulong CLONE_NEWTIME = 0x80;
    internal const ulong CLONE_NEWNS = 0x20000;
    internal const ulong CLONE_NEWCGROUP = 0x02000000;
    internal const ulong CLONE_NEWUTS = 0x04000000;
    internal const ulong CLONE_NEWIPC = 0x08000000;
    internal const ulong CLONE_NEWUSER = 0x10000000;
    internal const ulong CLONE_NEWPID = 0x20000000;
    internal const ulong CLONE_NEWNET = 0x40000000;

    // ioctl_tty(2), fcntl(2), close_range(2)
    internal const int TIOCSCTTY = 0x540E;
    internal const int TIOCSWINSZ = 0x5414;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int CLOSE_RANGE_CLOEXEC = 4;

    // prctl(2), capset(2), seccomp(2), ioprio_set(2)
    internal const int PR_SET_DUMPABLE = 4;
    internal const int PR_SET_KEEPCAPS = 8;
    internal const int PR_CAPBSET_DROP = 24;
    internal const int PR_SET_NO_NEW_PRIVS = 38;
    internal const int PR_CAP_AMBIENT = 47;
    internal const int PR_CAP_AMBIENT_RAISE = 2;
    internal const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    internal const int SECCOMP_SET_MODE_FILTER = 1;
    internal const int IOPRIO_WHO_PROCESS = 1;

    // keyctl(2)
    internal const int KEYCTL_JOIN_SESSION_KEYRING = 1;

    /// <summary>The one open(2) flag here whose value differs between the architectures.</summary>
    internal static long O_DIRECTORY => IsArm64 ? 0x4000 : 0x10000;

    /// <summary>See <see cref="O_DIRECTORY"/>.</summary>
    internal static long O_NOFOLLOW => IsArm64 ? 0x8000 : 0x20000;

    private static bool IsArm64 =>
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64;
}
