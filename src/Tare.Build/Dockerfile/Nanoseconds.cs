// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tare.Build.Dockerfile;

/// <summary>Durations as Go reads and writes them, in nanoseconds.</summary>
/// <remarks>pkg.go.dev/time#ParseDuration, Duration.String</remarks>
internal static class Nanoseconds
{
    /// <summary>What numbers with a fraction consist of.</summary>
    public static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private const int MaxLength = 64;

    /// <summary>Reads <c>1m30s</c>, <c>1.5h</c>, <c>0</c>; null for anything else, or more than an Int64 holds.</summary>
    public static long? Parse(string text)
    {
        bool isNegative = text.StartsWith('-');
        string rest = isNegative || text.StartsWith('+') ? text[1..] : text;
        if (rest == "0")
        {
            return 0;
        }

        if (rest.Length is 0 or > MaxLength)
        {
            return null;
        }

        decimal total = 0;
        while (rest.Length > 0)
        {
            int digits = rest.AsSpan().IndexOfAnyExcept(Digits);
            if (digits <= 0 || rest.AsSpan(0, digits).Count('.') > 1 || rest[..digits] == "."
                || !decimal.TryParse(rest.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            {
                return null;
            }

            int end = rest.AsSpan(digits).IndexOfAny(Digits);
            string unit = end < 0 ? rest[digits..] : rest.Substring(digits, end);
            if (UnitOf(unit) is not { } size || number > long.MaxValue / size || (total += decimal.Truncate(number * size)) > long.MaxValue)
            {
                return null;
            }

            rest = rest[(digits + unit.Length)..];
        }

        return (long)(isNegative ? -total : total);
    }

    /// <summary>Such as <c>1m30s</c>, <c>1.5s</c>, <c>0s</c>.</summary>
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

    private static long? UnitOf(string name) => name switch
    {
        "ns" => 1,
        "us" or "\u00B5s" or "\u03BCs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => null,
    };
}
