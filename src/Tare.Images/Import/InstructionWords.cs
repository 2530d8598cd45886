// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Images.Import;

/// <summary>Splits an instruction's argument at blanks; quotes hold words together, a backslash takes the next character.</summary>
/// <remarks>Dockerfile reference, ENV and LABEL.</remarks>
internal static class InstructionWords
{
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool isInWord = false;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quote == '\0' && c is ' ' or '\t')
            {
                if (isInWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isInWord = false;
                }
                continue;
            }
            isInWord = true;
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
            }
            else if (c is '"' or '\'' && (quote == '\0' || quote == c))
            {
                quote = quote == '\0' ? c : '\0';
            }
            else
            {
                word.Append(c);
            }
        }
        if (isInWord)
        {
            words.Add(word.ToString());
        }
        return words;
    }
}
