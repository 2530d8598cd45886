// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Cli.Output;

/// <summary>Bytes for people, as docker's units package writes and reads them.</summary>
internal static class HumanSize
{
    private static readonly string[] DecimalUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary><c>74.8MB</c>: powers of 1000, three significant digits.</summary>
    public static string Format(long bytes)
    {
        double value = bytes;
        int unit = 0;

        // 999.5 would round to 1e+03 with three digits, so it is already 1 of the next unit
        while (value >= 999.5 && unit < DecimalUnits.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString("G3", CultureInfo.InvariantCulture) + DecimalUnits[unit];
    }

    /// <summary><c>512m</c>, <c>1.5g</c>, <c>64KiB</c>, <c>1024</c>: powers of 1024, as <c>--memory</c> takes
    /// it.</summary>
    /// <returns>bytes, 0 or more</returns>
    /// <exception cref="FormatException">no such size, or more than a long holds</exception>
    public static long ParseBinary(string text)
    {
        int end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        ReadOnlySpan<char> suffix = text.AsSpan(end).TrimStart(' ');
        const NumberStyles Decimals = NumberStyles.AllowDecimalPoint;
        if (end == 0 || !decimal.TryParse(text.AsSpan(0, end), Decimals, CultureInfo.InvariantCulture, out decimal number))
        {
            throw new FormatException($"invalid size: '{text}'");
        }

        decimal scale = Scale(suffix);
        return number <= long.MaxValue / scale
            ? (long)(number * scale)
            : throw new FormatException($"invalid size: '{text}' is too large");
    }

    private static decimal Scale(ReadOnlySpan<char> suffix)
    {
        if (suffix.IsEmpty || suffix is "b" or "B")
        {
            return 1;
        }

        int power = "kmgtp".IndexOf(char.ToLowerInvariant(suffix[0]), StringComparison.Ordinal);
        bool known = suffix[1..] is "" or "b" or "B" or "ib" or "iB" or "IB" or "i" or "I";
        return power >= 0 && known ? 1L << (10 * (power + 1)) : throw new FormatException($"invalid suffix: '{suffix}'");
    }
}
