// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Cli.Output;

/// <summary>Text that came from outside, made harmless for a terminal.</summary>
internal static class Printable
{
    /// <summary>Control characters (escape sequences begin with one) become <c>\x1b</c>; all else stays.</summary>
    public static string Of(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            if (char.IsControl(c))
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            }
            else
            {
                safe.Append(c);
            }
        }

        return safe.ToString();
    }
}
