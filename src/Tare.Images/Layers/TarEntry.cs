// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>The entry that a <see cref="TarReader"/> stands on; the same object is filled again for the next one.</summary>
/// <remarks>Names are bytes as stored, not normalised and not trusted.</remarks>
internal sealed class TarEntry
{
    private readonly ArrayBufferWriter<byte> _name = new();
    private readonly ArrayBufferWriter<byte> _link = new();

    public TarType Type { get; internal set; }

    public ReadOnlySpan<byte> Name => _name.WrittenSpan;

    /// <summary>The target of a symbolic link, the older name of a hard link; empty for the rest.</summary>
    public ReadOnlySpan<byte> Link => _link.WrittenSpan;

    /// <summary>Permission bits with set-uid, set-gid and sticky: 07777.</summary>
    public uint Mode { get; internal set; }

    /// <summary>0..4294967294; the number that means "leave as it is" to chown(2) never gets here.</summary>
    public uint Uid { get; internal set; }

    public uint Gid { get; internal set; }

    /// <summary>Bytes of a regular file, holes included; 0 for the rest.</summary>
    public long Size { get; internal set; }

    /// <summary>True when the data comes in pieces with holes between them.</summary>
    public bool IsSparse { get; internal set; }

    public FileTime ModifyTime { get; internal set; }

    /// <summary>Null when the archive does not tell.</summary>
    public FileTime? AccessTime { get; internal set; }

    public DeviceNumber Device { get; internal set; }

    public XattrSet Xattrs { get; internal set; } = new();

    /// <summary>Where the entry's data begins in the archive, bytes.</summary>
    public long DataPosition { get; internal set; }

    internal void SetName(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name)
    {
        _name.ResetWrittenCount();
        if (!prefix.IsEmpty)
        {
            _name.Write(prefix);
            _name.Write("/"u8);
        }

        _name.Write(name);
    }

    internal void SetLink(ReadOnlySpan<byte> link)
    {
        _link.ResetWrittenCount();
        _link.Write(link);
    }
}
