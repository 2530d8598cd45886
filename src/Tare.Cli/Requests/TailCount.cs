// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Cli.Requests;

/// <summary>The value of <c>--tail</c>.</summary>
/// <param name="Lines">null: all</param>
internal readonly record struct TailCount(long? Lines)
{
    /// <summary>As with docker <c>all</c> and negative numbers mean all; other words are refused here.</summary>
    /// <exception cref="FormatException">neither</exception>
    public static TailCount Parse(string text)
    {
        if (text is "" or "all")
        {
            return new TailCount(null);
        }

        return Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 number)
            ? new TailCount(number < 0 || number > long.MaxValue ? null : (long)number)
            : throw new FormatException("want a number or \"all\"");
    }
}
