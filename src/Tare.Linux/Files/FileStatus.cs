// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>What the kernel knows about an inode; symbolic links are never followed to get it.</summary>
/// <remarks>man statx(2)</remarks>
internal readonly struct FileStatus
{
    private const int KindMask = 0xF000;
    private readonly Libc.statx_t _raw;

    internal FileStatus(in Libc.statx_t raw) => _raw = raw;

    public FileKind Kind => (FileKind)(_raw.stx_mode & KindMask);

    /// <summary>Permission bits with set-uid, set-gid and sticky: 07777.</summary>
    public uint Mode => _raw.stx_mode & ~(uint)KindMask;

    public uint Uid => _raw.stx_uid;

    public uint Gid => _raw.stx_gid;

    /// <summary>Bytes.</summary>
    public long Size => (long)_raw.stx_size;

    /// <summary>Units of 512 bytes really used.</summary>
    public long Blocks => (long)_raw.stx_blocks;

    public uint Links => _raw.stx_nlink;

    public ulong Inode => _raw.stx_ino;

    /// <summary>The file system that holds the inode.</summary>
    public DeviceNumber FileSystem => new(_raw.stx_dev_major, _raw.stx_dev_minor);

    /// <summary>The device that a device node stands for.</summary>
    public DeviceNumber Device => new(_raw.stx_rdev_major, _raw.stx_rdev_minor);

    public FileTime AccessTime => Time(_raw.stx_atime);

    public FileTime ModifyTime => Time(_raw.stx_mtime);

    public FileTime ChangeTime => Time(_raw.stx_ctime);

    /// <summary>The mount through which the inode was reached, as in mountinfo.</summary>
    public ulong MountId => _raw.stx_mnt_id;

    /// <summary>True for the top of a mount.</summary>
    public bool IsMountRoot => (_raw.stx_attributes & Libc.STATX_ATTR_MOUNT_ROOT) != 0;

    public bool IsDirectory => Kind == FileKind.Directory;

    public bool IsRegular => Kind == FileKind.Regular;

    public bool IsSymlink => Kind == FileKind.Symlink;

    /// <summary>The same inode, whatever its name.</summary>
    public bool SameFile(in FileStatus other) => Inode == other.Inode && FileSystem == other.FileSystem;

    private static FileTime Time(in Libc.statx_timestamp t) => new(t.tv_sec, t.tv_nsec);
}
