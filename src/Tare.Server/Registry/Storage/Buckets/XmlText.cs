// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>The few elements that S3's answers are made of, found by name: they have no attributes that matter.</summary>
/// <remarks>Not a parser for XML: a megabyte of one would be linked for four element names. What it does not find is not there.</remarks>
internal static class XmlText
{
    /// <summary>The contents of all elements of this name, in order; elements of one name are not nested in S3's answers.</summary>
    public static IEnumerable<string> All(string xml, string name)
    {
        string begin = $"<{name}>";
        string end = $"</{name}>";
        int at = 0;
        while ((at = xml.IndexOf(begin, at, StringComparison.Ordinal)) >= 0)
        {
            int from = at + begin.Length;
            int to = xml.IndexOf(end, from, StringComparison.Ordinal);
            if (to < 0)
            {
                yield break;
            }

            yield return xml[from..to];
            at = to + end.Length;
        }
    }

    /// <summary>The text of the first element of this name, entities resolved; null when there is none.</summary>
    public static string? First(string xml, string name) =>
        All(xml, name).FirstOrDefault() is { } text ? WebUtility.HtmlDecode(text) : null;
}
