// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Tare.Keeper.Log;

/// <summary>Bytes of a container on their way into a JSON string, escaped exactly as docker's json-file does.</summary>
/// <remarks>
/// Docker escapes what HTML and JavaScript could misread (<c>&lt; &gt; &amp;</c>, U+2028, U+2029), knows only
/// <c>\n</c>, <c>\r</c>, <c>\"</c> and <c>\\</c> as short forms, and puts <c>\ufffd</c> for each byte not of UTF-8.
/// </remarks>
internal ref struct RecordText
{
    /// <summary>The most that one byte becomes.</summary>
    public const int MaxGrowth = 6;

    private const int Scratch = 1024;

    private const byte Ascii = 0x80;
    private const byte SeparatorLead = 0xE2;

    private static readonly SearchValues<byte> Special = Where(value => IsSpecial(value) || value == SeparatorLead);
    private static readonly SearchValues<byte> SpecialOrWide = Where(value => IsSpecial(value) || value >= Ascii);

    private readonly bool _isUtf8;
    private ReadOnlySpan<byte> _rest;

    public RecordText(ReadOnlySpan<byte> text)
    {
        _rest = text;
        _isUtf8 = Utf8.IsValid(text);
    }

    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>Escapes as much as there is room for; the last <see cref="MaxGrowth"/> bytes may stay free.</summary>
    /// <returns>bytes written</returns>
    public int Fill(scoped Span<byte> to)
    {
        int written = 0;
        while (!_rest.IsEmpty && to.Length - written >= MaxGrowth)
        {
            int plain = _rest.IndexOfAny(_isUtf8 ? Special : SpecialOrWide);
            plain = Math.Min(plain < 0 ? _rest.Length : plain, to.Length - written);
            _rest[..plain].CopyTo(to[written..]);
            _rest = _rest[plain..];
            written += plain;

            // binary output has many in a row, and to search for each would cost more than to look at the next byte
            while (!_rest.IsEmpty && to.Length - written >= MaxGrowth && (_rest[0] >= Ascii || IsSpecial(_rest[0])))
            {
                written += Escape(to[written..]);
            }
        }

        return written;
    }

    /// <summary>How long the whole text becomes.</summary>
    public static long EscapedLength(ReadOnlySpan<byte> text)
    {
        Span<byte> scratch = stackalloc byte[Scratch];
        long length = 0;
        var copy = new RecordText(text);
        while (!copy.IsEmpty)
        {
            length += copy.Fill(scratch);
        }

        return length;
    }

    /// <summary>Takes one character, special or not, off the rest.</summary>
    private int Escape(scoped Span<byte> to)
    {
        byte first = _rest[0];
        if (first >= Ascii)
        {
            return EscapeWide(to);
        }

        _rest = _rest[1..];
        switch (first)
        {
            case (byte)'"' or (byte)'\\':
                return Put([(byte)'\\', first], to);
            case (byte)'\n':
                return Put("\\n"u8, to);
            case (byte)'\r':
                return Put("\\r"u8, to);
            default:
                Put("\\u00"u8, to);
                to[4] = "0123456789abcdef"u8[first >> 4];
                to[5] = "0123456789abcdef"u8[first & 0xF];
                return 6;
        }
    }

    private int EscapeWide(scoped Span<byte> to)
    {
        bool valid = Rune.DecodeFromUtf8(_rest, out Rune rune, out int length) == OperationStatus.Done;

        // Go gives up one byte at a time, where the runtime takes a whole broken sequence at once
        length = valid ? length : 1;
        ReadOnlySpan<byte> bytes = _rest[..length];
        _rest = _rest[length..];
        return !valid ? Put("\\ufffd"u8, to)
            : rune.Value == 0x2028 ? Put("\\u2028"u8, to)
            : rune.Value == 0x2029 ? Put("\\u2029"u8, to)
            : Put(bytes, to);
    }

    private static int Put(ReadOnlySpan<byte> bytes, scoped Span<byte> to)
    {
        bytes.CopyTo(to);
        return bytes.Length;
    }

    private static bool IsSpecial(byte value) =>
        value is < 0x20 or (byte)'"' or (byte)'\\' or (byte)'<' or (byte)'>' or (byte)'&';

    private static SearchValues<byte> Where(Predicate<byte> isWanted)
    {
        Span<byte> values = stackalloc byte[byte.MaxValue + 1];
        int count = 0;
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            if (isWanted((byte)value))
            {
                values[count++] = (byte)value;
            }
        }

        return SearchValues.Create(values[..count]);
    }
}
