// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Words;
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>Finds words such as <c>&lt;&lt;EOF</c>, <c>3&lt;&lt;-'END'</c>.</summary>
/// <remarks>The rules are those of BuildKit's parser: a word counts when it begins with digits, <c>&lt;&lt;</c>, and
/// what follows is one shell word without a further '&lt;'.</remarks>
internal static class HeredocWord
{
    private static readonly ExpansionStyle Found = new('\\')
    {
        KeepsQuotes = true,
        KeepsEscapes = true,
        KeepsUnset = true,
        JoinsHeredocs = true,
    };

    private static readonly ExpansionStyle Plain = new('\\') { KeepsUnset = true, JoinsHeredocs = true };
    private static readonly ExpansionStyle Raw = Plain with { KeepsQuotes = true };

    /// <summary>The heredocs that a line announces, without content, in order.</summary>
    /// <exception cref="FormatException">a quote of a name is not closed</exception>
    public static IReadOnlyList<Heredoc> AllIn(string line)
    {
        List<Heredoc> found = [];
        foreach (string word in Words(line))
        {
            if (Parse(word) is { } heredoc)
            {
                found.Add(heredoc);
            }
        }

        return found;
    }

    /// <summary>The heredoc that the word announces, or null when it is another word.</summary>
    /// <exception cref="FormatException">a quote of the name is not closed</exception>
    public static Heredoc? Parse(string word)
    {
        int digits = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits < 0 || !word.AsSpan(digits).StartsWith("<<") || word.AsSpan(digits + 2).Contains('<'))
        {
            return null;
        }

        string rest = word[(digits + 2)..];
        bool chomps = rest.StartsWith('-');
        rest = (chomps ? rest[1..] : rest).TrimStart();
        if (rest.Length == 0)
        {
            return null;
        }

        IReadOnlyList<string> names = WordExpander.Expand(rest, Variables.None, Plain).Words;
        if (names.Count != 1)
        {
            return null;
        }

        IReadOnlyList<string> quoted = WordExpander.Expand(rest, Variables.None, Raw).Words;
        bool expands = quoted.Count == 1 && Quotes(quoted[0]) == Quotes(names[0]);
        uint.TryParse(word.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out uint descriptor);
        return new Heredoc(names[0], "", expands, chomps, descriptor);
    }

    /// <summary>As <see cref="Parse"/>; what is malformed is no heredoc.</summary>
    public static Heredoc? TryParse(string word)
    {
        try
        {
            return Parse(word);
        }
        catch (FormatException)
        {
            return null;
        }
        catch (TareException)
        {
            return null;
        }
    }

    /// <summary>A line that is no proper sequence of words, such as one with a lone quote, has none.</summary>
    private static IReadOnlyList<string> Words(string line)
    {
        try
        {
            return WordExpander.Expand(line, Variables.None, Found).Words;
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static int Quotes(string text) => text.Count(static c => c is '\'' or '"');
}
