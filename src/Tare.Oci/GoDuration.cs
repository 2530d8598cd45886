// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Oci;

/// <summary>Durations as Go writes and reads them: <c>1h30m</c>, <c>1.5h</c>, <c>-500ms</c>.</summary>
/// <remarks>pkg.go.dev/time#ParseDuration</remarks>
internal static class GoDuration
{
    /// <summary>More digits of a fraction are nothing beside a nanosecond.</summary>
    private const int MaxFractionDigits = 18;

    /// <summary>Nanoseconds; null for any other text, or for more than an Int64 holds.</summary>
    public static long? Parse(ReadOnlySpan<byte> text)
    {
        bool isNegative = text is [(byte)'-', ..];
        text = isNegative || text is [(byte)'+', ..] ? text[1..] : text;
        if (text.SequenceEqual("0"u8))
        {
            return 0;
        }

        Int128 total = 0;
        bool isDuration = !text.IsEmpty;
        while (isDuration && !text.IsEmpty)
        {
            isDuration = TakePart(ref text, out Int128 part) && (total += part) <= long.MaxValue;
        }

        return isDuration ? (long)(isNegative ? -total : total) : null;
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static long? Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Such as <c>1m30s</c>, <c>1.5s</c>, <c>0s</c>.</summary>
    /// <param name="nanoseconds">not negative</param>
    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return "0s";
        }

        if (nanoseconds is > 0 and < 1_000_000_000)
        {
            return nanoseconds < 1_000 ? $"{nanoseconds}ns"
                : nanoseconds < 1_000_000 ? Fraction(nanoseconds, 1_000) + "µs"
                : Fraction(nanoseconds, 1_000_000) + "ms";
        }

        StringBuilder text = new();
        long minutes = nanoseconds / 60_000_000_000;
        text.Append(CultureInfo.InvariantCulture, $"{(minutes >= 60 ? $"{minutes / 60}h" : "")}");
        text.Append(CultureInfo.InvariantCulture, $"{(minutes > 0 ? $"{minutes % 60}m" : "")}");
        return text.Append(Fraction(nanoseconds % 60_000_000_000, 1_000_000_000)).Append('s').ToString();
    }

    private static string Fraction(long value, long unit) =>
        ((decimal)value / unit).ToString("0.#########", CultureInfo.InvariantCulture);

    private static bool TakePart(ref ReadOnlySpan<byte> text, out Int128 nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<byte> whole = TakeDigits(ref text);
        ReadOnlySpan<byte> fraction = default;
        if (text is [(byte)'.', ..])
        {
            text = text[1..];
            fraction = TakeDigits(ref text);
        }

        int end = text.IndexOfAnyInRange((byte)'0', (byte)'9');
        int point = text.IndexOf((byte)'.');
        end = Math.Min(end < 0 ? text.Length : end, point < 0 ? text.Length : point);
        long unit = Unit(text[..end]);
        text = text[end..];
        if (whole.Length + fraction.Length == 0 || unit == 0 || ToNumber(whole, long.MaxValue) is not { } number)
        {
            return false;
        }

        nanoseconds = number * unit;
        fraction = fraction[..Math.Min(fraction.Length, MaxFractionDigits)];
        Int128 scale = 1;
        for (int i = 0; i < fraction.Length; i++)
        {
            scale *= 10;
        }

        nanoseconds += (ToNumber(fraction, scale) ?? 0) * unit / scale;
        return true;
    }

    private static long Unit(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("ns"u8) ? 1
        : name.SequenceEqual("us"u8) || name.SequenceEqual("\u00B5s"u8) || name.SequenceEqual("\u03BCs"u8) ? 1_000
        : name.SequenceEqual("ms"u8) ? 1_000_000
        : name.SequenceEqual("s"u8) ? 1_000_000_000
        : name.SequenceEqual("m"u8) ? 60_000_000_000
        : name.SequenceEqual("h"u8) ? 3_600_000_000_000
        : 0;

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        ReadOnlySpan<byte> digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return digits;
    }

    private static Int128? ToNumber(ReadOnlySpan<byte> digits, Int128 max)
    {
        Int128 number = 0;
        foreach (byte digit in digits)
        {
            number = (number * 10) + digit - '0';
            if (number > max)
            {
                return null;
            }
        }

        return number;
    }
}
