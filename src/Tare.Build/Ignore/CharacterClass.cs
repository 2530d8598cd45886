// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Ignore;

/// <summary>A class such as <c>[a-z_]</c> or <c>[^0-9]</c>.</summary>
/// <remarks>pkg.go.dev/path/filepath#Match: '-' and ']' stand for themselves only behind a backslash.</remarks>
internal sealed class CharacterClass
{
    private readonly List<(Rune From, Rune To)> _ranges = [];
    private bool _isNegated;

    private CharacterClass()
    {
    }

    public bool Contains(Rune rune) => _ranges.Exists(range => range.From <= rune && rune <= range.To) != _isNegated;

    /// <summary>Reads the class whose '[' stands at the place; leaves the place at its ']'.</summary>
    /// <exception cref="FormatException">it is empty, not closed, or a range is malformed</exception>
    public static CharacterClass Read(Rune[] pattern, ref int at)
    {
        CharacterClass read = new();
        at++;
        if (at < pattern.Length && pattern[at].Value == '^')
        {
            read._isNegated = true;
            at++;
        }

        while (at < pattern.Length && (pattern[at].Value != ']' || read._ranges.Count == 0))
        {
            Rune from = One(pattern, ref at);
            Rune to = from;
            if (at < pattern.Length && pattern[at].Value == '-')
            {
                at++;
                to = One(pattern, ref at);
            }

            read._ranges.Add((from, to));
        }

        return at < pattern.Length ? read : throw new FormatException("a [ is not closed");
    }

    private static Rune One(Rune[] pattern, ref int at)
    {
        if (at < pattern.Length && pattern[at].Value == '\\')
        {
            at++;
        }
        else if (at < pattern.Length && pattern[at].Value is '-' or ']')
        {
            throw new FormatException("'-' and ']' in a class stand behind a backslash");
        }

        return at < pattern.Length ? pattern[at++] : throw new FormatException("a [ is not closed");
    }
}
