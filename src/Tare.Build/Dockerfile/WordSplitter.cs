// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Dockerfile;

/// <summary>Splits the arguments of ENV, LABEL and ARG into words; quotes group and stay, for expansion
/// removes them.</summary>
internal static class WordSplitter
{
    /// <summary>The words and where each begins and ends in the text.</summary>
    public static IReadOnlyList<(string Word, int Start, int End)> Split(string text, char escape)
    {
        List<(string, int, int)> words = [];
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at >= text.Length)
            {
                return words;
            }

            int start = at;
            string word = Take(text, escape, ref at);
            if (word.Length > 0)
            {
                words.Add((word, start, at));
            }
        }
    }

    private static string Take(string text, char escape, ref int at)
    {
        StringBuilder word = new();
        char quote = '\0';
        for (; at < text.Length && (quote != '\0' || !char.IsWhiteSpace(text[at])); at++)
        {
            char c = text[at];
            if (c == escape && quote != '\'')
            {
                if (at + 1 == text.Length)
                {
                    // an escape with nothing behind it is dropped
                    continue;
                }

                word.Append(c);
                c = text[++at];
            }
            else if (quote == '\0' ? c is '\'' or '"' : c == quote)
            {
                quote = quote == '\0' ? c : '\0';
            }

            word.Append(c);
        }

        return word.ToString();
    }
}
