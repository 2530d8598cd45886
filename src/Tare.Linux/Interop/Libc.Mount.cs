// SPDX-License-Identifier: Apache-2.0
// mount_setattr(2), fsopen(2), fsconfig(2), fsmount(2), open_tree(2), move_mount(2), umount2(2): Linux 5.12 or newer
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

internal static unsafe partial class Libc
{
    internal const int MNT_DETACH = 2;
    internal const int UMOUNT_NOFOLLOW = 8;
    internal const int AT_RECURSIVE = 0x8000;
    internal const int OPEN_TREE_CLONE = 1;
    internal const int OPEN_TREE_CLOEXEC = 0x80000;
    internal const int MOVE_MOUNT_F_EMPTY_PATH = 0x04;
    internal const int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
    internal const int FSOPEN_CLOEXEC = 1;
    internal const int FSMOUNT_CLOEXEC = 1;
    internal const int FSCONFIG_SET_FLAG = 0;
    internal const int FSCONFIG_SET_STRING = 1;
    internal const int FSCONFIG_SET_FD = 5;
    internal const int FSCONFIG_CMD_CREATE = 6;
    internal const ulong MOUNT_ATTR_IDMAP = 0x100000;
    internal const ulong MOUNT_ATTR__ATIME = 0x70;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int umount2(byte* target, int flags);

    internal static int fsopen(byte* name, int flags) =>
        (int)syscall(SystemCall.fsopen, (nint)name, flags, 0, 0, 0, 0);

    internal static int fsconfig(int fd, int command, byte* key, void* value, int aux) =>
        (int)syscall(SystemCall.fsconfig, fd, command, (nint)key, (nint)value, aux, 0);

    internal static int fsmount(int fd, int flags, uint attributes) =>
        (int)syscall(SystemCall.fsmount, fd, flags, (nint)attributes, 0, 0, 0);

    internal static int open_tree(int dirfd, byte* path, int flags) =>
        (int)syscall(SystemCall.open_tree, dirfd, (nint)path, flags, 0, 0, 0);

    internal static int move_mount(int fromDirfd, byte* from, int toDirfd, byte* to, int flags) =>
        (int)syscall(SystemCall.move_mount, fromDirfd, (nint)from, toDirfd, (nint)to, flags, 0);

    internal static int mount_setattr(int dirfd, byte* path, int flags, mount_attr* attributes) =>
        (int)syscall(SystemCall.mount_setattr, dirfd, (nint)path, flags, (nint)attributes, sizeof(mount_attr), 0);

    [StructLayout(LayoutKind.Sequential)]
    internal struct mount_attr
    {
        public ulong attr_set;
        public ulong attr_clr;
        public ulong propagation;
        public ulong userns_fd;
    }
}
