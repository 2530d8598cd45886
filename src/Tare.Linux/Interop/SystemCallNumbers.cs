// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Interop;

/// <summary>Calls newer than the common numbering (Linux 5.1): the same number on every machine.</summary>
/// <remarks>include/uapi/asm-generic/unistd.h</remarks>
internal static class SystemCallNumbers
{
    internal const int open_tree = 428;
    internal const int move_mount = 429;
    internal const int fsopen = 430;
    internal const int fsconfig = 431;
    internal const int fsmount = 432;
    internal const int fspick = 433;
    internal const int openat2 = 437;
    internal const int mount_setattr = 442;
    internal const int setxattrat = 463;
    internal const int getxattrat = 464;
    internal const int listxattrat = 465;
    internal const int removexattrat = 466;
}
