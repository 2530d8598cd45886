// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>Lists of CPUs or memory nodes as the kernel takes them: <c>0-3,7</c>.</summary>
/// <remarks>man cpuset(7), list format.</remarks>
internal static class CpuSet
{
    /// <summary>One more than the highest number; what docker takes, and the kernel's own bound.</summary>
    private const int MaxNumber = 8192;

    private const int MaxLength = 4096;

    /// <summary>The list, as it was written.</summary>
    /// <exception cref="TareException">InvalidArgument when it is none</exception>
    public static string Parse(string text)
    {
        bool isList = text.Length is > 0 and <= MaxLength;
        foreach (Range part in text.AsSpan(0, isList ? text.Length : 0).Split(','))
        {
            ReadOnlySpan<char> range = text.AsSpan()[part];
            int dash = range.IndexOf('-');
            int? first = Number(dash < 0 ? range : range[..dash]);
            int? last = dash < 0 ? first : Number(range[(dash + 1)..]);
            isList &= first <= last && last < MaxNumber;
        }
        return isList
            ? text
            : throw new TareException(
                ErrorKind.InvalidArgument,
                $"invalid cpuset {Quoted.Text(text)}",
                "write numbers and ranges, such as 0-3,7");
    }

    private static int? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
