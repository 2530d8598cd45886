// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>One name in a directory; the bytes belong to the enumeration.</summary>
internal readonly ref struct Entry
{
    internal Entry(ReadOnlySpan<byte> name, FileKind kind, ulong inode)
    {
        Name = name;
        Kind = kind;
        Inode = inode;
    }

    /// <summary>1..255 bytes, any but slash and NUL.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary><see cref="FileKind.Unknown"/> on file systems that do not keep it with the name.</summary>
    public FileKind Kind { get; }

    public ulong Inode { get; }
}
