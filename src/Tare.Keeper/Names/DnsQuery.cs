// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Tare.Keeper.Names;

/// <summary>A query as far as somebody who answers or forwards it must understand it.</summary>
/// <remarks>RFC 1035 §4.1, RFC 6891 §6.1. Nothing here throws, whatever the bytes are.</remarks>
internal ref struct DnsQuery
{
    private const int RecordBytes = 10;

    private NameBytes _name;
    private int _nameLength;

    public ushort Id { get; private set; }

    public ushort Flags { get; private set; }

    public ushort Type { get; private set; }

    public ushort Class { get; private set; }

    /// <summary>The asker understands EDNS; it gets its record back.</summary>
    public bool HasOptions { get; private set; }

    public byte OptionsVersion { get; private set; }

    /// <summary>What the asker takes as one datagram.</summary>
    public int UdpBytes { get; private set; }

    /// <summary>The name that is asked for.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> Name => ((ReadOnlySpan<byte>)_name)[.._nameLength];

    /// <summary>False for what is no query at all, which gets no answer: whoever answers that answers answers.</summary>
    public static bool IsQuery(ReadOnlySpan<byte> message) =>
        message.Length >= DnsMessage.HeaderBytes && (DnsMessage.Flags(message) & DnsMessage.IsAnswer) == 0;

    /// <summary>Understands a message that <see cref="IsQuery"/>.</summary>
    /// <returns>anything but None: what to answer at once</returns>
    public DnsCode Read(ReadOnlySpan<byte> message)
    {
        Id = DnsMessage.Id(message);
        Flags = DnsMessage.Flags(message);
        UdpBytes = DnsMessage.PlainUdpBytes;
        if ((Flags & DnsMessage.OperationBits) != 0)
        {
            return DnsCode.NotImplemented;
        }

        int offset = DnsMessage.HeaderBytes;
        int length = Count(message, 4) == 1 ? DnsName.Read(message, ref offset, _name) : 0;
        if (length == 0 || offset + 4 > message.Length)
        {
            return DnsCode.FormatError;
        }

        _nameLength = length;
        Type = BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
        Class = BinaryPrimitives.ReadUInt16BigEndian(message[(offset + 2)..]);
        return ReadRecords(message, offset + 4);
    }

    private static int Count(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    /// <summary>Of all the records that may follow only the options mean something; what does not fit is an error.</summary>
    private DnsCode ReadRecords(ReadOnlySpan<byte> message, int offset)
    {
        Span<byte> name = stackalloc byte[DnsName.MaxBytes];
        int count = Count(message, 6) + Count(message, 8) + Count(message, 10);
        for (; count > 0; count--)
        {
            int length = DnsName.Read(message, ref offset, name);
            if (length == 0 || offset + RecordBytes > message.Length)
            {
                return DnsCode.FormatError;
            }

            ReadOnlySpan<byte> record = message[offset..];
            if (BinaryPrimitives.ReadUInt16BigEndian(record) == DnsMessage.Opt)
            {
                if (HasOptions || length != 1)
                {
                    return DnsCode.FormatError;
                }

                HasOptions = true;
                UdpBytes = Math.Max(UdpBytes, BinaryPrimitives.ReadUInt16BigEndian(record[2..]));
                OptionsVersion = record[5];
            }

            offset += RecordBytes + BinaryPrimitives.ReadUInt16BigEndian(record[8..]);
            if (offset > message.Length)
            {
                return DnsCode.FormatError;
            }
        }

        return OptionsVersion > 0 ? DnsCode.BadVersion : DnsCode.None;
    }

    [InlineArray(DnsName.MaxBytes)]
    private struct NameBytes
    {
        private byte _first;
    }
}
