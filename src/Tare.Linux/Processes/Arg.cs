// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Linux.Processes;

/// <summary>One argument of a system call in a launch program.</summary>
/// <remarks>
/// An argument that is memory keeps its identity: the same instance in two calls is the same memory,
/// so that one call can read what another wrote.
/// </remarks>
internal sealed class Arg
{
    private Arg(ArgKind kind) => Kind = kind;

    internal ArgKind Kind { get; }

    internal long Value { get; private init; }

    internal Slot FromSlot { get; private init; }

    internal byte[] Content { get; private init; } = [];

    internal IReadOnlyList<byte[]> Texts { get; private init; } = [];

    internal IReadOnlyList<Field> Fields { get; private init; } = [];

    /// <summary>The null pointer, or zero.</summary>
    public static Arg Null { get; } = Int(0);

    /// <summary>A number; negative ones are sign-extended as C does for int and long.</summary>
    public static Arg Int(long value) => new(ArgKind.Number) { Value = value };

    /// <summary>A C string in UTF-8.</summary>
    /// <exception cref="ArgumentException">the text holds a NUL, which would cut it short</exception>
    public static Arg Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    /// <summary>A C string from bytes without the final NUL: paths need not be UTF-8.</summary>
    /// <exception cref="ArgumentException">the text holds a NUL, which would cut it short</exception>
    public static Arg Text(ReadOnlySpan<byte> text) => new(ArgKind.Text) { Content = Terminated(text) };

    /// <summary>Writable memory that starts with these bytes, aligned to eight.</summary>
    public static Arg Bytes(ReadOnlySpan<byte> content) => new(ArgKind.Memory) { Content = content.ToArray() };

    /// <summary>Writable zeroed memory.</summary>
    public static Arg Buffer(int length) => new(ArgKind.Memory) { Content = new byte[length] };

    /// <summary>A NULL-terminated <c>char *[]</c>, as argv and envp are.</summary>
    /// <exception cref="ArgumentException">an element holds a NUL</exception>
    public static Arg Strings(IReadOnlyList<byte[]> texts) =>
        new(ArgKind.Strings) { Texts = [.. texts.Select(text => Terminated(text))] };

    /// <summary>The value that <paramref name="slot"/> holds when the call is made.</summary>
    public static Arg Slot(Slot slot) => new(ArgKind.Slot) { FromSlot = slot };

    /// <summary>A C struct laid out with natural alignment, which may hold pointers and slot values.</summary>
    public static Arg Block(params ReadOnlySpan<Field> fields) =>
        new(ArgKind.Block) { Fields = fields.ToArray() };

    public static implicit operator Arg(long value) => Int(value);

    public static implicit operator Arg(Slot slot) => Slot(slot);

    private static byte[] Terminated(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)0))
        {
            throw new ArgumentException($"'{Encoding.UTF8.GetString(text)}' holds a NUL");
        }

        byte[] terminated = new byte[text.Length + 1];
        text.CopyTo(terminated);
        return terminated;
    }
}
