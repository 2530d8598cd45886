// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Dockerfile;

/// <summary>A word <c>--name</c> or <c>--name=value</c>, unquoted.</summary>
/// <param name="Name">the name</param>
/// <param name="Range">where it stands</param>
/// <param name="Value">null when there is no '='</param>
internal sealed record Flag(string Name, string? Value, SourceRange Range);

/// <summary>Takes flags from the beginning of an instruction's arguments.</summary>
/// <remarks>Quotes of both kinds group and vanish, a backslash escapes, <c>--</c> alone ends the flags: BuildKit's
/// rules, which do not ask for the escape directive.</remarks>
internal static class FlagReader
{
    /// <summary>The flags, and where the rest begins.</summary>
    public static (List<Flag> Flags, int End) Read(LogicalLine line, int at)
    {
        string text = line.Text;
        List<Flag> flags = [];
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at + 1 >= text.Length || text[at] != '-' || text[at + 1] != '-')
            {
                return (flags, at);
            }

            int start = at;
            string word = Take(text, ref at);
            if (word == "--")
            {
                return (flags, at);
            }

            int equals = word.IndexOf('=');
            SourceRange range = line.Range(start, at - start);
            flags.Add(equals < 0
                ? new Flag(word[2..], null, range)
                : new Flag(word[2..equals], word[(equals + 1)..], range));
        }
    }

    private static string Take(string text, ref int at)
    {
        StringBuilder word = new();
        char quote = '\0';
        for (; at < text.Length && (quote != '\0' || !char.IsWhiteSpace(text[at])); at++)
        {
            char c = text[at];
            if (quote == '\0' ? c is '\'' or '"' : c == quote)
            {
                quote = quote == '\0' ? c : '\0';
                continue;
            }

            if (c == '\\')
            {
                if (at + 1 == text.Length)
                {
                    continue;
                }

                c = text[++at];
            }

            word.Append(c);
        }

        return word.ToString();
    }
}
