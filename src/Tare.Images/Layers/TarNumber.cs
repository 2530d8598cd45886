// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace Tare.Images.Layers;

/// <summary>The numbers of tar: octal text or base-256 in header fields, decimal text in pax records. Total: bad input is false.</summary>
/// <remarks>POSIX.1-2017 pax, "ustar Header Block"; GNU tar manual, "Extensions to the tar format".</remarks>
internal static class TarNumber
{
    private const int NanosecondDigits = 9;

    /// <summary>A numeric header field; an empty one is 0.</summary>
    public static bool TryField(ReadOnlySpan<byte> field, out long value)
    {
        if (!field.IsEmpty && (field[0] & 0x80) != 0)
        {
            return TryBase256(field, out value);
        }

        value = 0;
        ReadOnlySpan<byte> digits = field.Trim(" \0"u8);
        int end = digits.IndexOf((byte)0);
        foreach (byte b in end < 0 ? digits : digits[..end])
        {
            if (b is < (byte)'0' or > (byte)'7' || value > (long.MaxValue >> 3))
            {
                return false;
            }

            value = (value << 3) | (uint)(b - '0');
        }

        return true;
    }

    /// <summary>Decimal digits only, no sign, no spaces.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        return !text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9'
            && Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
    }

    /// <summary>Seconds since 1970 with an optional sign and fraction; digits below the nanosecond are dropped.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long seconds, out uint nanoseconds)
    {
        nanoseconds = 0;
        bool negative = !text.IsEmpty && text[0] == (byte)'-';
        ReadOnlySpan<byte> rest = negative ? text[1..] : text;
        int dot = rest.IndexOf((byte)'.');
        if (!TryDecimal(dot < 0 ? rest : rest[..dot], out seconds)
            || (dot >= 0 && !TryFraction(rest[(dot + 1)..], out nanoseconds)))
        {
            return false;
        }

        if (negative)
        {
            seconds = nanoseconds == 0 ? -seconds : -seconds - 1;
            nanoseconds = nanoseconds == 0 ? 0 : 1_000_000_000 - nanoseconds;
        }

        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> digits, out uint nanoseconds)
    {
        nanoseconds = 0;
        for (int i = 0; i < Math.Max(digits.Length, NanosecondDigits); i++)
        {
            byte b = i < digits.Length ? digits[i] : (byte)'0';
            if (b is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            nanoseconds = i < NanosecondDigits ? (nanoseconds * 10) + (uint)(b - '0') : nanoseconds;
        }

        return true;
    }

    /// <summary>Two's complement, big endian, under a leading marker bit.</summary>
    private static bool TryBase256(ReadOnlySpan<byte> field, out long value)
    {
        bool negative = (field[0] & 0x40) != 0;
        value = negative ? -1 : 0;
        for (int i = 0; i < field.Length; i++)
        {
            byte b = i > 0 ? field[i] : (byte)(negative ? field[0] | 0x80 : field[0] & 0x7f);
            long kept = value >> 55;
            if (kept != (negative ? -1 : 0))
            {
                return false;
            }

            value = (value << 8) | b;
        }

        return value < 0 == negative;
    }
}
