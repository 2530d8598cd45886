// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Linux.Processes;

/// <summary>One argument of a system call in a launch program.</summary>
/// <remarks>
/// An argument that is memory keeps its identity: the same one in two calls is the same memory, so that one call can
/// read what another wrote. A value type, because a container's program has two thousand of them.
/// </remarks>
internal readonly struct Arg
{
    private readonly object? _memory;

    private Arg(ArgKind kind, long value, object? memory = null)
    {
        Kind = kind;
        Value = value;
        _memory = memory;
    }

    internal ArgKind Kind { get; }

    internal long Value { get; }

    internal Slot FromSlot => new((int)Value);

    /// <summary>What makes two arguments the same memory.</summary>
    internal object Memory => _memory ?? throw new InvalidOperationException($"{Kind} is not memory");

    internal byte[] Content => (byte[])Memory;

    internal IReadOnlyList<byte[]> Texts => (IReadOnlyList<byte[]>)Memory;

    internal Field[] Fields => (Field[])Memory;

    /// <summary>The null pointer, or zero.</summary>
    public static Arg Null => default;

    /// <summary>A number; negative ones are sign-extended as C does for int and long.</summary>
    public static Arg Int(long value) => new(ArgKind.Number, value);

    /// <summary>A C string in UTF-8.</summary>
    /// <exception cref="ArgumentException">the text holds a NUL, which would cut it short</exception>
    public static Arg Text(string text)
    {
        byte[] terminated = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, terminated);
        return new(ArgKind.Text, 0, Checked(terminated));
    }

    /// <summary>A C string from bytes without the final NUL: paths need not be UTF-8.</summary>
    /// <exception cref="ArgumentException">the text holds a NUL, which would cut it short</exception>
    public static Arg Text(ReadOnlySpan<byte> text) => new(ArgKind.Text, 0, Terminated(text));

    /// <summary>Writable memory that starts with these bytes, aligned to eight.</summary>
    public static Arg Bytes(ReadOnlySpan<byte> content) => new(ArgKind.Memory, 0, content.ToArray());

    /// <summary>Writable zeroed memory.</summary>
    public static Arg Buffer(int length) => new(ArgKind.Memory, 0, new byte[length]);

    /// <summary>A NULL-terminated <c>char *[]</c>, as argv and envp are.</summary>
    /// <exception cref="ArgumentException">an element holds a NUL</exception>
    public static Arg Strings(IReadOnlyList<byte[]> texts)
    {
        byte[][] terminated = new byte[texts.Count][];
        for (int i = 0; i < terminated.Length; i++)
        {
            terminated[i] = Terminated(texts[i]);
        }

        return new(ArgKind.Strings, 0, terminated);
    }

    /// <summary>The value that <paramref name="slot"/> holds when the call is made.</summary>
    public static Arg Slot(Slot slot) => new(ArgKind.Slot, slot.Index);

    /// <summary>A C struct laid out with natural alignment, which may hold pointers and slot values.</summary>
    public static Arg Block(params ReadOnlySpan<Field> fields) => new(ArgKind.Block, 0, fields.ToArray());

    public static implicit operator Arg(long value) => Int(value);

    public static implicit operator Arg(Slot slot) => Slot(slot);

    private static byte[] Terminated(ReadOnlySpan<byte> text)
    {
        byte[] terminated = new byte[text.Length + 1];
        text.CopyTo(terminated);
        return Checked(terminated);
    }

    private static byte[] Checked(byte[] terminated) =>
        terminated.AsSpan(..^1).Contains((byte)0)
            ? throw new ArgumentException($"'{Encoding.UTF8.GetString(terminated)}' holds a NUL")
            : terminated;
}
