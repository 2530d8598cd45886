// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Words;

/// <summary>The patterns of <c>${name#pattern}</c> and its relatives: <c>*</c>, <c>?</c>, escapes; no bracket
/// expressions.</summary>
/// <remarks>All matching is by sets of states, so its time is at most pattern times text. As in BuildKit, <c>*</c> and
/// <c>?</c> stop at line feeds.</remarks>
internal sealed class ShellPattern
{
    private readonly List<Token> _tokens = [];

    /// <exception cref="FormatException">a backslash escapes something else than <c>* ? \ } /</c></exception>
    public ShellPattern(string pattern)
    {
        Rune[] runes = [.. pattern.EnumerateRunes()];
        for (int i = 0; i < runes.Length; i++)
        {
            switch (runes[i].Value)
            {
                case '*':
                    _tokens.Add(new Token(TokenKind.Many, default));
                    break;
                case '?':
                    _tokens.Add(new Token(TokenKind.One, default));
                    break;
                case '\\' when i + 1 < runes.Length && runes[i + 1].Value is '}' or '/':
                    break;
                case '\\':
                    i++;
                    _tokens.Add(i < runes.Length && runes[i].Value is '*' or '?' or '\\'
                        ? new Token(TokenKind.Exact, runes[i])
                        : throw new FormatException(
                            $"invalid pattern ({pattern}): \\ may stand before * ? \\ }} and / only"));
                    break;
                default:
                    _tokens.Add(new Token(TokenKind.Exact, runes[i]));
                    break;
            }
        }
    }

    private enum TokenKind
    {
        Exact,
        One,
        Many,
    }

    /// <summary>The text without the shortest or longest match at its beginning.</summary>
    public string TrimStart(string text, bool longest)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        return Match(runes, 0, longest) is { } end ? Join(runes.AsSpan(end)) : text;
    }

    /// <summary>The text without the shortest or longest match at its end.</summary>
    public string TrimEnd(string text, bool longest)
    {
        Rune[] runes = [.. text.EnumerateRunes().Reverse()];
        if (Reversed().Match(runes, 0, longest) is not { } end)
        {
            return text;
        }

        Span<Rune> rest = runes.AsSpan(end);
        rest.Reverse();
        return Join(rest);
    }

    /// <summary>The text with its first match, or all, replaced; matches are the leftmost and longest.</summary>
    public string Replace(string text, string replacement, bool all)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        StringBuilder result = new();
        int copied = 0;
        int lastEnd = 0;
        for (int start = 0; start <= runes.Length;)
        {
            if (Match(runes, start, longest: true) is not { } end)
            {
                start++;
                continue;
            }

            if (end > lastEnd || start == 0)
            {
                result.Append(Join(runes.AsSpan(copied, start - copied))).Append(replacement);
                copied = end;
                if (!all)
                {
                    break;
                }
            }

            lastEnd = end;
            start = end > start ? end : start + 1;
        }

        return result.Append(Join(runes.AsSpan(copied))).ToString();
    }

    private static string Join(ReadOnlySpan<Rune> runes)
    {
        StringBuilder text = new(runes.Length);
        foreach (Rune rune in runes)
        {
            text.Append(rune.ToString());
        }

        return text.ToString();
    }

    private ShellPattern Reversed()
    {
        ShellPattern reversed = new("");
        reversed._tokens.AddRange(Enumerable.Reverse(_tokens));
        return reversed;
    }

    /// <summary>The end of a match that begins at the place, or null.</summary>
    private int? Match(Rune[] text, int start, bool longest)
    {
        bool[] states = new bool[_tokens.Count + 1];
        states[0] = true;
        Skip(states);
        int? found = states[^1] ? start : null;
        for (int i = start; i < text.Length && (longest || found is null); i++)
        {
            bool[] next = new bool[states.Length];
            bool isAlive = false;
            for (int s = 0; s < _tokens.Count; s++)
            {
                if (states[s] && _tokens[s].Accepts(text[i]))
                {
                    next[_tokens[s].Kind == TokenKind.Many ? s : s + 1] = isAlive = true;
                }
            }

            if (!isAlive)
            {
                break;
            }

            states = next;
            Skip(states);
            found = states[^1] ? i + 1 : found;
        }

        return found;
    }

    private void Skip(bool[] states)
    {
        for (int s = 0; s < _tokens.Count; s++)
        {
            states[s + 1] |= states[s] && _tokens[s].Kind == TokenKind.Many;
        }
    }

    private readonly record struct Token(TokenKind Kind, Rune Value)
    {
        public bool Accepts(Rune rune) => Kind == TokenKind.Exact ? rune == Value : rune.Value != '\n';
    }
}
