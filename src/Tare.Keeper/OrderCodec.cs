// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Keeper.Elected;
using Tare.Keeper.Log;

namespace Tare.Keeper;

/// <summary>A keeper's order as bytes: magic, flags, log limits, state, four lists of texts, the main process.</summary>
/// <remarks>Starter and keeper are the same binary, so there is one version.</remarks>
internal static class OrderCodec
{
    /// <summary>Bytes of a whole order.</summary>
    public const int MaxBytes = ProcessOrderCodec.MaxBytes + (1 << 20);

    private const uint Magic = 0x334b5254; // "TRK3"
    private const int FixedBytes = 28 + KeeperState.Bytes;
    private const int StateOffset = 28;
    private const uint KnownFlags = 63;

    public static byte[] Encode(KeeperOrder order)
    {
        using var stream = new MemoryStream();
        Span<byte> head = stackalloc byte[FixedBytes];
        head.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Flags(order));
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], order.LogLimits.MaxBytes);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], order.LogLimits.MaxFiles);
        BinaryPrimitives.WriteUInt16LittleEndian(head[20..], (ushort)order.Cgroups.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(head[22..], (ushort)order.CleanUp.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(head[24..], (ushort)order.PackLog.Count);
        List<string> elected = Texts(order.Elected);
        BinaryPrimitives.WriteUInt16LittleEndian(head[26..], (ushort)elected.Count);
        order.Adopted?.Encode().CopyTo(head[StateOffset..]);
        stream.Write(head);
        OrderBytes.Write(stream, [order.LogName ?? "", order.LogAttributes]);
        OrderBytes.Write(stream, order.Cgroups);
        OrderBytes.Write(stream, order.CleanUp);
        OrderBytes.Write(stream, order.PackLog);
        OrderBytes.Write(stream, elected);
        stream.Write(ProcessOrderCodec.Encode(order.Main));
        return stream.ToArray();
    }

    /// <exception cref="FormatException">the bytes are not a sound order</exception>
    public static KeeperOrder Decode(ReadOnlySpan<byte> bytes)
    {
        OrderBytes.Require(bytes.Length is >= FixedBytes and <= MaxBytes, "length");
        OrderBytes.Require(BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic, "magic");
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        OrderBytes.Require(flags <= KnownFlags, "flags");
        var limits = new LogLimits(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
        OrderBytes.Require(limits is { MaxBytes: > 0, MaxFiles: > 0 }, "log limits");
        KeeperState? adopted = (flags & 4) == 0 ? null : KeeperState.TryDecode(bytes[StateOffset..FixedBytes]);
        OrderBytes.Require(adopted is not null || (flags & 4) == 0, "state");
        int cgroups = BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]);
        int cleanUp = BinaryPrimitives.ReadUInt16LittleEndian(bytes[22..]);
        int packLog = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        int elected = BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]);
        ReadOnlySpan<byte> rest = bytes[FixedBytes..];
        string[] log = OrderBytes.Read(ref rest, 2);
        return new KeeperOrder
        {
            StarterCleansUp = (flags & 1) != 0,
            BornInFirstCgroup = (flags & 2) != 0,
            TellsBirth = (flags & 16) != 0,
            HasNetworks = (flags & 32) != 0,
            Adopted = adopted,
            LogName = (flags & 8) != 0 ? log[0] : null,
            LogAttributes = log[1],
            LogLimits = limits,
            Cgroups = OrderBytes.Read(ref rest, cgroups),
            CleanUp = OrderBytes.Read(ref rest, cleanUp),
            PackLog = OrderBytes.Read(ref rest, packLog),
            Elected = ElectedOf(OrderBytes.Read(ref rest, elected)),
            Main = ProcessOrderCodec.Decode(rest),
        };
    }

    private static uint Flags(KeeperOrder order) =>
        (order.StarterCleansUp ? 1u : 0) | (order.BornInFirstCgroup ? 2u : 0)
        | (order.Adopted is null ? 0 : 4u) | (order.LogName is null ? 0 : 8u)
        | (order.TellsBirth ? 16u : 0) | (order.HasNetworks ? 32u : 0);

    private static List<string> Texts(ElectedOrder? elected) =>
        elected is null ? [] : [elected.Run, elected.Table, elected.NameAddress, .. elected.Restore];

    private static ElectedOrder? ElectedOf(string[] texts)
    {
        OrderBytes.Require(texts.Length is 0 or > 3, "elected");
        return texts.Length == 0 ? null : new(texts[0], texts[1], texts[2], texts[3..]);
    }
}
