// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Mounts;

/// <summary>What holds for one mount, whatever its file system says.</summary>
/// <remarks>man mount_setattr(2). Without an access-time bit the rule is relatime.</remarks>
[Flags]
internal enum MountAttributes : uint
{
    None = 0,
    ReadOnly = 0x01,
    NoSetUid = 0x02,
    NoDevices = 0x04,
    NoExecute = 0x08,
    NoAccessTime = 0x10,
    StrictAccessTime = 0x20,
    NoDirectoryAccessTime = 0x80,
    NoSymlinks = 0x200000,
}
