// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Runtime.Planning;
using Tare.Runtime.Starting;

namespace Tare.Keeper;

/// <summary>A process order as bytes: magic, flags, namespaces, size, owner, the work from outside, the launch program.</summary>
/// <remarks>
/// A newer binary sends it to an older keeper: a flag that a keeper does not know makes it refuse, it never guesses.
/// </remarks>
internal static class ProcessOrderCodec
{
    /// <summary>Bytes of a whole order.</summary>
    public const int MaxBytes = LaunchProgram.MaxLength + FixedBytes + MaxOutside;

    private const uint Magic = 0x31505254; // "TRP1"
    private const int FixedBytes = 24;
    private const int MaxOutside = 16 * 1024;
    private const uint KnownFlags = 127;

    public static byte[] Encode(ProcessOrder order)
    {
        ReadOnlySpan<byte> program = order.Program is null ? default : order.Program.Bytes;
        byte[] outside = order.Outside is null ? [] : OutsideCodec.Encode(order.Outside, order.GoAt);
        byte[] bytes = new byte[FixedBytes + outside.Length + program.Length];
        Span<byte> head = bytes;
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Flags(order));
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], (ulong)order.Namespaces);
        BinaryPrimitives.WriteUInt16LittleEndian(head[16..], order.TerminalSize?.Rows ?? 0);
        BinaryPrimitives.WriteUInt16LittleEndian(head[18..], order.TerminalSize?.Columns ?? 0);
        BinaryPrimitives.WriteUInt32LittleEndian(head[20..], order.StreamOwner);
        outside.CopyTo(head[FixedBytes..]);
        program.CopyTo(head[(FixedBytes + outside.Length)..]);
        return bytes;
    }

    /// <exception cref="FormatException">the bytes are not a sound order</exception>
    public static ProcessOrder Decode(ReadOnlySpan<byte> bytes)
    {
        OrderBytes.Require(bytes.Length is >= FixedBytes and <= MaxBytes, "length");
        OrderBytes.Require(BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic, "magic");
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        OrderBytes.Require(flags <= KnownFlags, "flags");
        var size = new TerminalSize(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]));
        ReadOnlySpan<byte> rest = bytes[FixedBytes..];
        int goAt = 0;
        PlanOutside? outside = (flags & 64) != 0 ? OutsideCodec.Decode(ref rest, out goAt) : null;
        return new ProcessOrder
        {
            Namespaces = (CloneFlags)BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            Terminal = (flags & 1) != 0,
            OpenInput = (flags & 2) != 0,
            InputOnce = (flags & 4) != 0,
            AttachStarter = (flags & 8) != 0,
            EndsWithOutput = (flags & 16) != 0,
            TerminalSize = (flags & 32) != 0 ? size : null,
            StreamOwner = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
            Outside = outside,
            GoAt = goAt,
            Program = rest.IsEmpty ? null : LaunchProgram.Read(rest.ToArray()),
        };
    }

    private static uint Flags(ProcessOrder order) =>
        (order.Terminal ? 1u : 0) | (order.OpenInput ? 2u : 0) | (order.InputOnce ? 4u : 0)
        | (order.AttachStarter ? 8u : 0) | (order.EndsWithOutput ? 16u : 0)
        | (order.TerminalSize is null ? 0 : 32u) | (order.Outside is null ? 0 : 64u);
}
