// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Keeper.Names;

/// <summary>Names as they travel: labels with their lengths before them, a zero at the end.</summary>
/// <remarks>RFC 1035 §3.1, §4.1.4. Nothing here throws, whatever the bytes are.</remarks>
internal static class DnsName
{
    /// <summary>Bytes of a whole name with lengths and end.</summary>
    public const int MaxBytes = 255;

    /// <summary>Bytes of a name as text without the last dot.</summary>
    public const int MaxTextBytes = 253;

    private const int MaxLabelBytes = 63;
    private const byte PointerBits = 0xC0;

    /// <summary>Reads a name and goes behind it; pointers to names before it are followed.</summary>
    /// <param name="message">all of it</param>
    /// <param name="offset">where the name begins; then where it ends</param>
    /// <param name="name">gets it without pointers; <see cref="MaxBytes"/> long</param>
    /// <returns>bytes of the name; 0: it is damaged, and the offset has no meaning</returns>
    public static int Read(ReadOnlySpan<byte> message, ref int offset, Span<byte> name)
    {
        int length = 0;
        int at = offset;
        int end = -1;

        // each pointer leads before everything that was read, so this comes to an end
        int floor = offset;
        while ((uint)at < (uint)message.Length)
        {
            byte head = message[at];
            if ((head & PointerBits) == PointerBits)
            {
                if (at + 1 >= message.Length)
                {
                    return 0;
                }

                int target = ((head & ~PointerBits) << 8) | message[at + 1];
                end = end < 0 ? at + 2 : end;
                if (target >= floor || target < DnsMessage.HeaderBytes)
                {
                    return 0;
                }

                floor = at = target;
                continue;
            }

            int size = head + 1;
            if (head > MaxLabelBytes || at + size > message.Length || length + size > MaxBytes)
            {
                return 0;
            }

            message.Slice(at, size).CopyTo(name[length..]);
            length += size;
            at += size;
            if (head == 0)
            {
                offset = end < 0 ? at : end;
                return length;
            }
        }

        return 0;
    }

    /// <summary>The same name, whatever the case of its letters.</summary>
    /// <remarks>RFC 4343. Lengths of labels are below the letters, so they are compared as they are.</remarks>
    public static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (Lower(a[i]) != Lower(b[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The labels with dots between them, in lower case.</summary>
    /// <param name="name">as <see cref="Read"/> left it</param>
    /// <param name="text"><see cref="MaxBytes"/> long</param>
    /// <returns>bytes of the text; -1: there is a dot, a blank or a control character in a label, which no name of ours has</returns>
    public static int ToText(ReadOnlySpan<byte> name, Span<byte> text)
    {
        int length = 0;
        for (int at = 0; name[at] != 0; at += name[at] + 1)
        {
            if (length > 0)
            {
                text[length++] = (byte)'.';
            }

            foreach (byte b in name.Slice(at + 1, name[at]))
            {
                if (b is <= (byte)' ' or (byte)'.' or 127)
                {
                    return -1;
                }

                text[length++] = Lower(b);
            }
        }

        return length;
    }

    /// <summary>The name of a text, with or without a dot at its end.</summary>
    /// <param name="text">labels with dots between them</param>
    /// <param name="name"><see cref="MaxBytes"/> long</param>
    /// <returns>bytes of the name; 0: it is none</returns>
    public static int OfText(ReadOnlySpan<byte> text, Span<byte> name)
    {
        text = text.EndsWith("."u8) ? text[..^1] : text;
        if (text.Length is 0 or > MaxTextBytes)
        {
            return 0;
        }

        int length = 0;
        foreach (Range range in text.Split((byte)'.'))
        {
            ReadOnlySpan<byte> label = text[range];
            if (label.Length is 0 or > MaxLabelBytes)
            {
                return 0;
            }

            name[length] = (byte)label.Length;
            label.CopyTo(name[(length + 1)..]);
            length += label.Length + 1;
        }

        name[length] = 0;
        return length + 1;
    }

    /// <summary>True for a text that a query can ask for.</summary>
    public static bool CanBeAsked(string text)
    {
        Span<byte> bytes = stackalloc byte[MaxTextBytes];
        Span<byte> name = stackalloc byte[MaxBytes];
        return text.Length <= MaxTextBytes
            && Encoding.UTF8.TryGetBytes(text, bytes, out int length)
            && !bytes[..length].ContainsAnyInRange((byte)0, (byte)' ')
            && !bytes[..length].Contains((byte)127)
            && OfText(bytes[..length], name) > 0;
    }

    private static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
}
