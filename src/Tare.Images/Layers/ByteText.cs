// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Images.Layers;

/// <summary>Bytes from an archive as an error message may show them: no control characters, bounded.</summary>
internal static class ByteText
{
    private const int ShownBytes = 160;

    /// <summary>In single quotes; whatever is not printable UTF-8 stands as <c>\xNN</c>.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new("'");
        ReadOnlySpan<byte> rest = bytes[..Math.Min(bytes.Length, ShownBytes)];
        while (!rest.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf8(rest, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (whole && IsPrintable(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                Escape(text, rest[..used]);
            }

            rest = rest[used..];
        }

        return text.Append(bytes.Length > ShownBytes ? "…'" : "'").ToString();
    }

    private static bool IsPrintable(Rune rune) => rune.Value is not ('\'' or '\\') && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);

    private static void Escape(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
    }
}
