// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Files;

namespace Tare.Engine.Logs;

/// <summary>Which file a packed one was: an inode's number is used again, but not with the same last write.</summary>
/// <param name="Inode">its number</param>
/// <param name="Modified">its last write, which rotation made its very last</param>
/// <remarks>
/// It stands in an extra field of an empty gzip member before the packed one, which every reader of gzip passes over.
/// RFC 1952, 2.3.1.1
/// </remarks>
internal readonly record struct LogOrigin(ulong Inode, FileTime Modified)
{
    /// <summary>Of the whole member.</summary>
    public const int MemberBytes = FieldOffset + FieldBytes + TailBytes;

    private const int HeaderBytes = 12;
    private const int FieldOffset = HeaderBytes + 4;
    private const int FieldBytes = 20;

    /// <summary>An empty deflate block, its checksum and its length.</summary>
    private const int TailBytes = 10;

    private static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, FieldBytes + 4, 0, (byte)'T', (byte)'r', FieldBytes, 0];

    public static LogOrigin Of(in FileStatus status) => new(status.Inode, status.ModifyTime);

    /// <summary>Null: the bytes do not begin with one, so somebody else packed the file.</summary>
    public static LogOrigin? TryRead(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= MemberBytes && bytes.StartsWith(Header)
            ? new(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[FieldOffset..]),
                new(
                    BinaryPrimitives.ReadInt64LittleEndian(bytes[(FieldOffset + 8)..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(bytes[(FieldOffset + 16)..])))
            : null;

    public byte[] ToMember()
    {
        byte[] bytes = new byte[MemberBytes];
        Header.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(FieldOffset), Inode);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(FieldOffset + 8), Modified.Seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(FieldOffset + 16), Modified.Nanoseconds);
        bytes[FieldOffset + FieldBytes] = 3;
        return bytes;
    }
}
