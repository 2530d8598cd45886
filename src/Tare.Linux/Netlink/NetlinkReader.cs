// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tare.Linux.Netlink;

/// <summary>Goes through messages, or through the attributes of one, without a copy of anything.</summary>
/// <remarks>man netlink(7). What does not fit ends it: nothing here throws, whatever the bytes are.</remarks>
internal ref struct NetlinkReader
{
    private const int AttributeHeader = 4;
    private const ushort AttributeTypeMask = 0x3fff;
    private readonly int _header;
    private ReadOnlySpan<byte> _rest;

    private NetlinkReader(ReadOnlySpan<byte> bytes, int header)
    {
        _rest = bytes;
        _header = header;
    }

    /// <summary>Of a message: its type. Of an attribute: as well.</summary>
    public ushort Type { get; private set; }

    /// <summary>All behind its header.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public static NetlinkReader Messages(ReadOnlySpan<byte> bytes) => new(bytes, NetlinkMessage.HeaderBytes);

    /// <param name="bytes">what comes behind a fixed part</param>
    public static NetlinkReader Attributes(ReadOnlySpan<byte> bytes) => new(bytes, AttributeHeader);

    /// <summary>The value of the first attribute of a type; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        NetlinkReader reader = Attributes(attributes);
        while (reader.MoveNext())
        {
            if (reader.Type == type)
            {
                return reader.Value;
            }
        }

        return default;
    }

    /// <summary>A text without the zero at its end.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> value) => value is [.. var text, 0] ? text : value;

    public bool MoveNext()
    {
        bool isMessage = _header == NetlinkMessage.HeaderBytes;
        int length = _rest.Length < _header ? 0
            : isMessage ? BinaryPrimitives.ReadInt32LittleEndian(_rest) : BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < _header || length > _rest.Length)
        {
            return false;
        }

        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[(isMessage ? 4 : 2)..]);
        Type = isMessage ? type : (ushort)(type & AttributeTypeMask);
        Value = _rest[_header..length];
        _rest = _rest[Math.Min(NetlinkMessage.Aligned(length), _rest.Length)..];
        return true;
    }
}
