// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>Patterns of image names, as Go's path.Match reads them: <c>*</c> and <c>?</c> do not cross a slash.</summary>
internal static class NamePattern
{
    /// <summary>True when the pattern fits the name with its tag, or without it, in the short or the full spelling.</summary>
    public static bool Matches(string pattern, Reference name) =>
        Matches(pattern.AsSpan(), name.Familiar) || Matches(pattern.AsSpan(), name.FamiliarName)
        || Matches(pattern.AsSpan(), name.ToString()) || Matches(pattern.AsSpan(), name.Name);

    /// <summary>Linear in the text for each star; classes <c>[a-z]</c>, <c>[^a]</c> and escapes are known.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0;
        int t = 0;
        int star = -1;
        int mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && One(pattern[p..], text[t], out int used))
            {
                p += used;
                t++;
            }
            else if (star >= 0 && text[mark] != '/')
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }
        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static bool One(ReadOnlySpan<char> pattern, char c, out int used)
    {
        used = 1;
        switch (pattern[0])
        {
            case '?':
                return c != '/';
            case '[' when pattern.IndexOf(']') is > 1 and int end:
                used = end + 1;
                return c != '/' && InClass(pattern[1..end], c);
            case '\\' when pattern.Length > 1:
                used = 2;
                return pattern[1] == c;
            default:
                return pattern[0] == c;
        }
    }

    private static bool InClass(ReadOnlySpan<char> members, char c)
    {
        bool isNegated = members[0] == '^';
        members = isNegated ? members[1..] : members;
        bool found = false;
        for (int i = 0; i < members.Length; i++)
        {
            bool isRange = i + 2 < members.Length && members[i + 1] == '-';
            char last = isRange ? members[i + 2] : members[i];
            found |= c >= members[i] && c <= last;
            i += isRange ? 2 : 0;
        }
        return found != isNegated;
    }
}
