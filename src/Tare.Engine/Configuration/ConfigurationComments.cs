// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>The comments of a configuration file.</summary>
/// <remarks>The JSON reader of the BCL takes comments too, but not between a name and its colon.</remarks>
internal static class ConfigurationComments
{
    /// <summary>Puts spaces in the place of <c>//</c> and <c>/* */</c> outside of texts; ends of lines stay.</summary>
    /// <returns>where a comment begins that has no end, or -1</returns>
    public static int Blank(Span<byte> text)
    {
        int at = 0;
        while (at < text.Length)
        {
            Span<byte> rest = text[at..];
            if (rest[0] == '"')
            {
                at += LengthOfText(rest);
            }
            else if (rest.StartsWith("//"u8))
            {
                int end = rest.IndexOf((byte)'\n');
                end = end < 0 ? rest.Length : end;
                rest[..end].Fill((byte)' ');
                at += end;
            }
            else if (rest.StartsWith("/*"u8))
            {
                int end = rest[2..].IndexOf("*/"u8);
                if (end < 0)
                {
                    return at;
                }

                BlankLines(rest[..(end + 4)]);
                at += end + 4;
            }
            else
            {
                at++;
            }
        }

        return -1;
    }

    /// <summary>To the closing quote and with it; to the end when there is none.</summary>
    private static int LengthOfText(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (at < text.Length && text[at] != '"')
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at + 1, text.Length);
    }

    private static void BlankLines(Span<byte> comment)
    {
        foreach (ref byte each in comment)
        {
            each = each == '\n' ? each : (byte)' ';
        }
    }
}
