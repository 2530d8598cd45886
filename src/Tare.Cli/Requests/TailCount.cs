// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Cli.Requests;

/// <summary>The value of <c>--tail</c>.</summary>
/// <param name="Lines">null: all</param>
internal readonly record struct TailCount(long? Lines)
{
    /// <summary>As with docker a negative number means all, and so does whatever is no number.</summary>
    public static TailCount Parse(string text) =>
        Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 number)
            ? new TailCount(number < 0 || number > long.MaxValue ? null : (long)number)
            : new TailCount(null);
}
