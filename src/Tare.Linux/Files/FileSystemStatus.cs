// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>A file system's type and room.</summary>
/// <remarks>man statfs(2)</remarks>
internal readonly struct FileSystemStatus
{
    public const long Ext4 = 0xef53;
    public const long Overlay = 0x794c7630;
    public const long Proc = 0x9fa0;
    public const long Pipes = 0x50495045;
    public const long Tmpfs = 0x01021994;
    public const long CgroupV2 = 0x63677270;
    public const long CgroupV1 = 0x27e0eb;
    public const long Btrfs = 0x9123683e;
    public const long Namespaces = 0x6e736673;
    public const long Xfs = 0x58465342;

    private readonly Libc.statfs_t _raw;

    internal FileSystemStatus(in Libc.statfs_t raw) => _raw = raw;

    /// <summary>The magic number: <see cref="Ext4"/> and so on.</summary>
    public long Type => _raw.f_type;

    /// <summary>Bytes in all.</summary>
    public long Size => (long)_raw.f_blocks * _raw.f_frsize;

    /// <summary>Bytes that ordinary users may still take.</summary>
    public long Available => (long)_raw.f_bavail * _raw.f_frsize;

    /// <summary>Inodes that are free; 0 of 0 when the file system does not count them.</summary>
    public ulong FreeInodes => _raw.f_ffree;

    /// <summary>ST_RDONLY.</summary>
    public bool IsReadOnly => (_raw.f_flags & 1) != 0;
}
