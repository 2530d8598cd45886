// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;

namespace Tare.Cli.Requests;

/// <summary>The value of <c>--detach-keys</c>: characters and <c>ctrl-X</c>, separated by commas.</summary>
internal static class KeySequence
{
    private const string ControlPrefix = "ctrl-";

    /// <summary>Ctrl-P Ctrl-Q.</summary>
    public static IReadOnlyList<byte> Default => DetachKeys.Default;

    /// <summary>The bytes that a terminal sends for it; the empty text is the default.</summary>
    /// <exception cref="FormatException">it names no keys</exception>
    public static IReadOnlyList<byte> Parse(string text)
    {
        if (text.Length == 0)
        {
            return Default;
        }

        string[] keys = text.Split(',');
        return keys.Length <= DetachKeys.MaxKeys
            ? [.. keys.Select(Key)]
            : throw new FormatException($"want at most {DetachKeys.MaxKeys} keys");
    }

    private static byte Key(string text)
    {
        const int Control = 0x1f;
        if (text.Length == 1 && char.IsAscii(text[0]))
        {
            return (byte)text[0];
        }

        bool isControl = text.Length == ControlPrefix.Length + 1 && text.StartsWith(ControlPrefix, StringComparison.Ordinal);
        char key = isControl ? text[^1] : '\0';
        return char.IsAsciiLetterLower(key) || key is '@' or '[' or '\\' or ']' or '^' or '_'
            ? (byte)(key & Control)
            : throw new FormatException($"\"{text}\" is no key: want one character, or ctrl- and one of a-z @ [ \\ ] ^ _");
    }
}
