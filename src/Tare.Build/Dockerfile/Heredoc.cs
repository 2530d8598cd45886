// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Dockerfile;

/// <summary>A document that stands behind its instruction, up to a line that is its name.</summary>
/// <param name="Name">the word that ends it, unquoted</param>
/// <param name="Content">its lines as they are in the file</param>
/// <param name="Expands">false when any part of the name was quoted</param>
/// <param name="Chomps">true for <c>&lt;&lt;-</c>: tabs at the beginning of lines do not count</param>
/// <param name="Descriptor">the number before <c>&lt;&lt;</c>, 0 when there is none</param>
internal sealed record Heredoc(string Name, string Content, bool Expands, bool Chomps, uint Descriptor)
{
    /// <summary>The content as it is meant: without leading tabs when it chomps.</summary>
    public string Body => Chomps ? WithoutTabs(Content) : Content;

    private static string WithoutTabs(string text)
    {
        StringBuilder kept = new(text.Length);
        bool isAtStart = true;
        foreach (char c in text)
        {
            if (c == '\t' && isAtStart)
            {
                continue;
            }

            kept.Append(c);
            isAtStart = c == '\n';
        }

        return kept.ToString();
    }
}
