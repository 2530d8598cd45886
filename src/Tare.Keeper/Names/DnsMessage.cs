// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tare.Keeper.Names;

/// <summary>Numbers of the protocol, and the header that all messages begin with.</summary>
/// <remarks>RFC 1035 §4.1.1, RFC 3596, RFC 6891</remarks>
internal static class DnsMessage
{
    public const int HeaderBytes = 12;

    /// <summary>What fits into a datagram for who does not say otherwise.</summary>
    public const int PlainUdpBytes = 512;

    /// <summary>What we receive and send as one datagram; larger messages go by TCP.</summary>
    public const int MaxUdpBytes = 4096;

    /// <summary>What fits behind the length of a message over TCP.</summary>
    public const int MaxBytes = 65535;

    public const ushort A = 1;
    public const ushort Ptr = 12;
    public const ushort Aaaa = 28;
    public const ushort Opt = 41;
    public const ushort Any = 255;
    public const ushort Internet = 1;

    /// <summary>Bits of the second 16 of a header.</summary>
    public const ushort IsAnswer = 0x8000;
    public const ushort OperationBits = 0x7800;
    public const ushort IsCut = 0x0200;
    public const ushort WantsRecursion = 0x0100;
    public const ushort HasRecursion = 0x0080;
    public const ushort CheckingDisabled = 0x0010;

    public static ushort Id(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message);

    public static void SetId(Span<byte> message, ushort id) => BinaryPrimitives.WriteUInt16BigEndian(message, id);

    public static ushort Flags(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[2..]);

    public static DnsCode Code(ReadOnlySpan<byte> message) => (DnsCode)(message[3] & 0xF);

    /// <summary>True for the answer to this query; what is not may be somebody's attempt to have us believe it.</summary>
    /// <remarks>RFC 5452 §9.1: id and question are the same. A server that failed may leave the question out.</remarks>
    public static bool IsAnswerTo(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> query)
    {
        if (answer.Length < HeaderBytes || Id(answer) != Id(query) || (Flags(answer) & IsAnswer) == 0)
        {
            return false;
        }

        int questions = BinaryPrimitives.ReadUInt16BigEndian(answer[4..]);
        if (questions == 0)
        {
            return Code(answer) is not (DnsCode.None or DnsCode.NoSuchName);
        }

        Span<byte> name = stackalloc byte[DnsName.MaxBytes];
        Span<byte> asked = stackalloc byte[DnsName.MaxBytes];
        int at = HeaderBytes;
        int askedAt = HeaderBytes;
        int length = DnsName.Read(answer, ref at, name);
        int askedLength = DnsName.Read(query, ref askedAt, asked);
        return questions == 1 && length > 0
            && DnsName.Same(name[..length], asked[..askedLength])
            && at + 4 <= answer.Length && askedAt + 4 <= query.Length
            && answer.Slice(at, 4).SequenceEqual(query.Slice(askedAt, 4));
    }

    /// <summary>Leaves of an answer only header and question, and says so: whoever wants all of it asks by TCP.</summary>
    /// <returns>the new length</returns>
    public static int Cut(Span<byte> answer, int length)
    {
        int offset = HeaderBytes;
        Span<byte> name = stackalloc byte[DnsName.MaxBytes];
        bool hasQuestion = BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 1
            && DnsName.Read(answer[..length], ref offset, name) > 0
            && offset + 4 <= length;
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)(Flags(answer) | IsCut));
        answer[4..HeaderBytes].Clear();
        answer[5] = hasQuestion ? (byte)1 : (byte)0;
        return hasQuestion ? offset + 4 : HeaderBytes;
    }
}
