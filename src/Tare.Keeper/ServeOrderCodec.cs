// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Keeper.Names;
using Tare.Keeper.Relay;
using Tare.Linux.Sockets;

namespace Tare.Keeper;

/// <summary>A serve order as bytes: magic, flags, counts, then the lists in the order of their counts.</summary>
/// <remarks>
/// A newer binary sends it to an older keeper: a flag that a keeper does not know makes it refuse, it never guesses.
/// </remarks>
internal static class ServeOrderCodec
{
    /// <summary>Bytes of a whole order.</summary>
    public const int MaxBytes = 6 << 20;

    private const uint Magic = 0x31535254; // "TRS1"
    private const int FixedBytes = 28;
    private const int AddressBytes = 17;
    private const int EndBytes = AddressBytes + 6;
    private const int SubnetBytes = AddressBytes + 1;
    private const int RelayBytes = 5 + EndBytes;
    private const int MaxIdBytes = 255;
    private const uint HasNames = 1;
    private const uint IsInternal = 2;
    private const byte IsUdp = 1;
    private const byte IsTransparent = 2;

    public static byte[] Encode(ServeOrder order)
    {
        NameOrder names = order.Names ?? new NameOrder();
        using var stream = new MemoryStream();
        Span<byte> head = stackalloc byte[FixedBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(
            head[4..], (order.Names is null ? 0 : HasNames) | (names.IsInternal ? IsInternal : 0));
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], names.Udp ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], names.Tcp ?? -1);
        WriteCount(head[16..], names.Files.Count, NameOrder.MaxFiles);
        WriteCount(head[18..], names.Upstreams.Count, NameOrder.MaxUpstreams);
        WriteCount(head[20..], order.Subnets.Count, ServeOrder.MaxSubnets);
        WriteCount(head[22..], names.Links.Count, NameOrder.MaxLinks);
        WriteCount(head[24..], order.Relays.Count, ServeOrder.MaxRelays);
        head[26..].Clear();
        stream.Write(head);
        OrderBytes.Write(stream, names.Files);
        foreach (InetEnd end in names.Upstreams)
        {
            Write(stream, end);
        }

        foreach (InetNetwork subnet in order.Subnets)
        {
            Write(stream, subnet.Address);
            stream.WriteByte((byte)subnet.Prefix);
        }

        foreach (NameLink link in names.Links)
        {
            OrderBytes.Write(stream, [link.Name, link.Target]);
        }

        foreach (RelayOrder relay in order.Relays)
        {
            Write(stream, relay);
        }

        return stream.ToArray();
    }

    /// <exception cref="FormatException">the bytes are not a sound order</exception>
    public static ServeOrder Decode(ReadOnlySpan<byte> bytes)
    {
        OrderBytes.Require(bytes.Length is >= FixedBytes and <= MaxBytes, "length");
        OrderBytes.Require(BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic, "magic");
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        OrderBytes.Require(flags <= (HasNames | IsInternal) && BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) == 0, "flags");
        ReadOnlySpan<byte> rest = bytes[FixedBytes..];
        var names = new NameOrder
        {
            Udp = ReadNumber(bytes[8..]),
            Tcp = ReadNumber(bytes[12..]),
            IsInternal = (flags & IsInternal) != 0,
            Files = OrderBytes.Read(ref rest, ReadCount(bytes[16..], NameOrder.MaxFiles)),
            Upstreams = ReadEach(ref rest, ReadCount(bytes[18..], NameOrder.MaxUpstreams), ReadEnd),
        };
        var order = new ServeOrder { Subnets = ReadEach(ref rest, ReadCount(bytes[20..], ServeOrder.MaxSubnets), ReadSubnet) };
        names = names with { Links = ReadEach(ref rest, ReadCount(bytes[22..], NameOrder.MaxLinks), ReadLink) };
        order = order with
        {
            Names = (flags & HasNames) != 0 ? names : null,
            Relays = ReadEach(ref rest, ReadCount(bytes[24..], ServeOrder.MaxRelays), ReadRelay),
        };
        OrderBytes.Require(rest.IsEmpty, "end");
        return order;
    }

    private static void WriteCount(Span<byte> to, int count, int max)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, max);
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)count);
    }

    private static void Write(Stream stream, InetAddress address)
    {
        Span<byte> bytes = stackalloc byte[AddressBytes];
        bytes.Clear();
        bytes[0] = address.IsV6 ? (byte)6 : (byte)4;
        address.Write(bytes[1..]);
        stream.Write(bytes);
    }

    private static void Write(Stream stream, InetEnd end)
    {
        Write(stream, end.Address);
        Span<byte> bytes = stackalloc byte[EndBytes - AddressBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, end.Port);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[2..], end.Scope);
        stream.Write(bytes);
    }

    private static void Write(Stream stream, RelayOrder relay)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, relay.Socket ?? -1);
        stream.WriteByte((byte)((relay.IsUdp ? IsUdp : 0) | (relay.IsTransparent ? IsTransparent : 0)));
        stream.Write(number);
        Write(stream, relay.Target);
        OrderBytes.Write(stream, [relay.Id]);
    }

    private static int ReadCount(ReadOnlySpan<byte> from, int max)
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(from);
        OrderBytes.Require(count <= max, "count");
        return count;
    }

    private static int? ReadNumber(ReadOnlySpan<byte> from)
    {
        int number = BinaryPrimitives.ReadInt32LittleEndian(from);
        OrderBytes.Require(number >= -1, "descriptor");
        return number < 0 ? null : number;
    }

    private static T[] ReadEach<T>(ref ReadOnlySpan<byte> rest, int count, ReadOne<T> read)
    {
        T[] all = new T[count];
        for (int i = 0; i < count; i++)
        {
            all[i] = read(ref rest);
        }

        return all;
    }

    private static ReadOnlySpan<byte> Cut(ref ReadOnlySpan<byte> rest, int bytes)
    {
        OrderBytes.Require(rest.Length >= bytes, "length");
        ReadOnlySpan<byte> cut = rest[..bytes];
        rest = rest[bytes..];
        return cut;
    }

    private static InetAddress ReadAddress(ReadOnlySpan<byte> bytes)
    {
        OrderBytes.Require(bytes[0] is 4 or 6, "address");
        return InetAddress.Read(bytes[0] == 4 ? bytes[1..5] : bytes[1..AddressBytes]);
    }

    private static InetEnd ReadEnd(ref ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> bytes = Cut(ref rest, EndBytes);
        return new InetEnd(
            ReadAddress(bytes),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[AddressBytes..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[(AddressBytes + 2)..]));
    }

    private static InetNetwork ReadSubnet(ref ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> bytes = Cut(ref rest, SubnetBytes);
        var subnet = new InetNetwork(ReadAddress(bytes), bytes[AddressBytes]);
        OrderBytes.Require(subnet.Prefix <= 8 * subnet.Address.Length, "prefix");
        return subnet;
    }

    private static NameLink ReadLink(ref ReadOnlySpan<byte> rest)
    {
        string[] texts = OrderBytes.Read(ref rest, 2);
        return new NameLink(texts[0], texts[1]);
    }

    private static RelayOrder ReadRelay(ref ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> bytes = Cut(ref rest, RelayBytes);
        OrderBytes.Require(bytes[0] <= (IsUdp | IsTransparent), "relay");
        ReadOnlySpan<byte> end = bytes[5..];
        InetEnd target = ReadEnd(ref end);
        string id = OrderBytes.Read(ref rest, 1)[0];
        OrderBytes.Require(id.Length <= MaxIdBytes, "relay");
        return new RelayOrder(id, target)
        {
            IsUdp = (bytes[0] & IsUdp) != 0,
            IsTransparent = (bytes[0] & IsTransparent) != 0,
            Socket = ReadNumber(bytes[1..]),
        };
    }

    private delegate T ReadOne<T>(ref ReadOnlySpan<byte> rest);
}
