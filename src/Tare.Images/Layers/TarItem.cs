// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>What <see cref="TarWriter.Begin"/> is told about an entry.</summary>
internal readonly ref struct TarItem
{
    public TarItem()
    {
    }

    public TarType Type { get; init; } = TarType.Regular;

    /// <summary>Bytes as they are to stand in the archive; a directory's gets its slash if it has none.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>The target of a symbolic link, the older name of a hard link.</summary>
    public ReadOnlySpan<byte> Link { get; init; }

    /// <summary>07777 bits.</summary>
    public uint Mode { get; init; } = 0b110_100_100;

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>Bytes of data that will be written; regular files only.</summary>
    public long Size { get; init; }

    public FileTime ModifyTime { get; init; }

    /// <summary>Null: not told.</summary>
    public FileTime? AccessTime { get; init; }

    public DeviceNumber Device { get; init; }

    /// <summary>Null: none.</summary>
    public XattrSet? Xattrs { get; init; }
}
