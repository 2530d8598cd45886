// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>One member of a C struct inside a launch program.</summary>
internal sealed class Field
{
    private Field(int width, long value)
    {
        Width = width;
        Value = value;
    }

    /// <summary>Bytes, which is also the alignment; raw bytes are aligned to one.</summary>
    internal int Width { get; }

    internal long Value { get; }

    internal Arg? Target { get; private init; }

    internal Slot? FromSlot { get; private init; }

    internal byte[]? Raw { get; private init; }

    internal int Length => Raw?.Length ?? Width;

    public static Field U8(byte value) => new(1, value);

    public static Field U16(ushort value) => new(2, value);

    public static Field U32(uint value) => new(4, value);

    public static Field I32(int value) => new(4, value);

    public static Field U64(ulong value) => new(8, (long)value);

    public static Field I64(long value) => new(8, value);

    /// <summary>Bytes as they are, without alignment: an inner array or padding.</summary>
    public static Field Bytes(ReadOnlySpan<byte> content) => new(1, 0) { Raw = content.ToArray() };

    /// <summary>The address of other memory of the program.</summary>
    public static Field Pointer(Arg target) => new(8, 0) { Target = target };

    /// <summary>A 32-bit slot value, usually a descriptor.</summary>
    public static Field Slot32(Slot slot) => new(4, 0) { FromSlot = slot };

    /// <summary>A 64-bit slot value.</summary>
    public static Field Slot64(Slot slot) => new(8, 0) { FromSlot = slot };
}
