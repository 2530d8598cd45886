// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>What a filter says of a label: <c>key</c> for any value, or <c>key=value</c>.</summary>
/// <remarks>As docker's <c>--filter label=…</c>; the first <c>=</c> ends the key.</remarks>
internal static class LabelPattern
{
    /// <summary>True when one of the labels fits; there may be none at all.</summary>
    public static bool Fits(string pattern, IReadOnlyDictionary<string, string>? labels)
    {
        int equals = pattern.IndexOf('=', StringComparison.Ordinal);
        return labels is not null && (equals < 0
            ? labels.ContainsKey(pattern)
            : labels.TryGetValue(pattern[..equals], out string? value) && value == pattern[(equals + 1)..]);
    }
}
