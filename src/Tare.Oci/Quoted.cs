// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Oci;

/// <summary>Foreign text made safe for one line of an error message.</summary>
internal static class Quoted
{
    /// <summary>Characters shown before the text is cut.</summary>
    private const int MaxShown = 120;

    /// <summary>The text in double quotes, control characters escaped, long text cut.</summary>
    public static string Text(ReadOnlySpan<char> text)
    {
        StringBuilder shown = new("\"");
        foreach (char c in text[..Math.Min(text.Length, MaxShown)])
        {
            _ = char.IsControl(c) || char.IsSurrogate(c) || c is '"' or '\\'
                ? shown.Append("\\u").Append(((int)c).ToString("x4", null))
                : shown.Append(c);
        }
        return shown.Append(text.Length > MaxShown ? "…\"" : "\"").ToString();
    }
}
