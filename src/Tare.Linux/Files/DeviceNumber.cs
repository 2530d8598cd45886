// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>The number of a device node or of a file system.</summary>
/// <remarks>man makedev(3). The kernel holds 12 bits of major and 20 bits of minor; mknod(2) refuses more with EINVAL.</remarks>
internal readonly record struct DeviceNumber(uint Major, uint Minor)
{
    /// <summary>dev_t as glibc packs it.</summary>
    internal ulong Packed =>
        ((ulong)(Major & 0xfffff000) << 32) | ((ulong)(Major & 0xfff) << 8)
        | ((ulong)(Minor & 0xffffff00) << 12) | (Minor & 0xff);

    public override string ToString() => $"{Major}:{Minor}";
}
