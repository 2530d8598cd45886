// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Engine.Configuration;

/// <summary>Numbers of bytes as people write them: <c>20m</c>, <c>1.5g</c>, <c>64KiB</c>, <c>4096</c>.</summary>
internal static class SizeText
{
    private const int MaxCharacters = 32;

    /// <summary>False when the text is no size or more than a long holds.</summary>
    /// <param name="text">a number, then nothing or one of k, m, g, t, p in any case, perhaps with b or ib</param>
    /// <param name="kilo">what k stands for, 1000 or 1024; Ki is 1024 always</param>
    /// <param name="bytes">0 or more</param>
    public static bool TryParse(ReadOnlySpan<char> text, long kilo, out long bytes)
    {
        const NumberStyles Decimals = NumberStyles.AllowDecimalPoint;
        bytes = 0;
        int end = text.LastIndexOfAnyInRange('0', '9') + 1;
        if (text.Length > MaxCharacters
            || ScaleOf(text[end..].TrimStart(' '), kilo) is not { } scale
            || !decimal.TryParse(text[..end], Decimals, CultureInfo.InvariantCulture, out decimal number)
            || number > long.MaxValue / scale)
        {
            return false;
        }

        bytes = (long)(number * scale);
        return true;
    }

    private static decimal? ScaleOf(ReadOnlySpan<char> suffix, long kilo)
    {
        if (suffix is "" or "b" or "B")
        {
            return 1;
        }

        int power = "kmgtp".IndexOf(char.ToLowerInvariant(suffix[0]), StringComparison.Ordinal) + 1;
        long factor = suffix[1..] is "i" or "I" or "ib" or "iB" or "IB" ? 1024 : kilo;
        bool isKnown = power > 0 && suffix[1..] is "" or "b" or "B" or "i" or "I" or "ib" or "iB" or "IB";
        decimal scale = 1;
        for (int i = 0; i < power; i++)
        {
            scale *= factor;
        }

        return isKnown ? scale : null;
    }
}
