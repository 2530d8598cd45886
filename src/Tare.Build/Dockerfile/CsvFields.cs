// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Dockerfile;

/// <summary>The fields of one line of CSV, as values of <c>--mount</c> have them.</summary>
/// <remarks>RFC 4180: a field in double quotes may hold commas; two quotes in it are one.</remarks>
internal static class CsvFields
{
    /// <exception cref="FormatException">a quote stands inside a bare field, or is not closed</exception>
    public static IReadOnlyList<string> Read(string text)
    {
        List<string> fields = [];
        for (int at = 0; at <= text.Length; at++)
        {
            fields.Add(at < text.Length && text[at] == '"' ? QuotedField(text, ref at) : Bare(text, ref at));
        }

        return fields;
    }

    private static string Bare(string text, ref int at)
    {
        int end = text.IndexOf(',', at);
        end = end < 0 ? text.Length : end;
        string field = text[at..end];
        at = end;
        return field.Contains('"') ? throw new FormatException($"a quote inside of {field}") : field;
    }

    private static string QuotedField(string text, ref int at)
    {
        StringBuilder field = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                field.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else if (at + 1 == text.Length || text[at + 1] == ',')
            {
                at++;
                return field.ToString();
            }
            else
            {
                break;
            }
        }

        throw new FormatException($"malformed quotes in {text}");
    }
}
