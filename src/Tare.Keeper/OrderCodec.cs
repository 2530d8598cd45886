// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>An order as bytes: magic, flags, namespaces, size, owner, two lists of texts, the launch program.</summary>
/// <remarks>Starter and keeper are the same binary, so there is one version.</remarks>
internal static class OrderCodec
{
    /// <summary>Bytes of a whole order.</summary>
    public const int MaxBytes = LaunchProgram.MaxLength + (1 << 20);

    private const uint Magic = 0x314b5254; // "TRK1"
    private const int MaxTexts = 256;
    private const int MaxTextBytes = 4096;
    private const int FixedBytes = 28;

    public static byte[] Encode(KeeperOrder order)
    {
        using var stream = new MemoryStream();
        Span<byte> head = stackalloc byte[FixedBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Flags(order));
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], (ulong)order.Namespaces);
        BinaryPrimitives.WriteUInt16LittleEndian(head[16..], order.TerminalSize?.Rows ?? 0);
        BinaryPrimitives.WriteUInt16LittleEndian(head[18..], order.TerminalSize?.Columns ?? 0);
        BinaryPrimitives.WriteUInt16LittleEndian(head[20..], (ushort)order.Cgroups.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(head[22..], (ushort)order.CleanUp.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(head[24..], order.StreamOwner);
        stream.Write(head);
        WriteTexts(stream, order.Cgroups);
        WriteTexts(stream, order.CleanUp);
        stream.Write(order.Program.Bytes);
        return stream.ToArray();
    }

    /// <exception cref="FormatException">the bytes are not a sound order</exception>
    public static KeeperOrder Decode(ReadOnlySpan<byte> bytes)
    {
        Require(bytes.Length is >= FixedBytes and <= MaxBytes, "length");
        Require(BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic, "magic");
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        Require(flags < 64, "flags");
        var size = new TerminalSize(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]));
        int cgroups = BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]);
        int cleanUp = BinaryPrimitives.ReadUInt16LittleEndian(bytes[22..]);
        ReadOnlySpan<byte> rest = bytes[FixedBytes..];
        return new KeeperOrder
        {
            Namespaces = (CloneFlags)BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            Terminal = (flags & 1) != 0,
            OpenInput = (flags & 2) != 0,
            AttachStarter = (flags & 4) != 0,
            StarterCleansUp = (flags & 8) != 0,
            StreamOwner = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
            TerminalSize = (flags & 16) != 0 ? size : null,
            BornInFirstCgroup = (flags & 32) != 0,
            Cgroups = ReadTexts(ref rest, cgroups),
            CleanUp = ReadTexts(ref rest, cleanUp),
            Program = LaunchProgram.Read(rest.ToArray()),
        };
    }

    private static uint Flags(KeeperOrder order) =>
        (order.Terminal ? 1u : 0) | (order.OpenInput ? 2u : 0) | (order.AttachStarter ? 4u : 0)
        | (order.StarterCleansUp ? 8u : 0) | (order.TerminalSize is null ? 0 : 16u)
        | (order.BornInFirstCgroup ? 32u : 0);

    private static void WriteTexts(MemoryStream stream, IReadOnlyList<string> texts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(texts.Count, MaxTexts);
        Span<byte> length = stackalloc byte[2];
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxTextBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)bytes.Length);
            stream.Write(length);
            stream.Write(bytes);
        }
    }

    private static string[] ReadTexts(ref ReadOnlySpan<byte> rest, int count)
    {
        Require(count <= MaxTexts, "text count");
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            Require(rest.Length >= 2, "text");
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            Require(length <= MaxTextBytes && rest.Length - 2 >= length, "text length");
            texts[i] = Encoding.UTF8.GetString(rest.Slice(2, length));
            rest = rest[(2 + length)..];
        }

        return texts;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException($"keeper order: bad {what}");
        }
    }
}
