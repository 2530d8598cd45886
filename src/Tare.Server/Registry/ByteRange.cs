// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Server.Registry;

/// <summary>A part of some content, in bytes; both ends belong to it.</summary>
internal readonly record struct ByteRange(long First, long Last)
{
    private const string Unit = "bytes=";

    public long Length => Last - First + 1;

    /// <summary>What a Range header asks of content of <paramref name="size"/> bytes.</summary>
    /// <returns>null when the whole is to be sent: no header, several ranges, another unit, or nonsense</returns>
    /// <remarks>RFC 9110 §14.1.2. Not satisfiable is a range whose First is not inside the content.</remarks>
    public static ByteRange? Asked(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        ReadOnlySpan<char> text = header.AsSpan(Unit.Length).Trim();
        int dash = text.IndexOf('-');
        if (dash < 0 || text.Contains(','))
        {
            return null;
        }

        if (dash == 0)
        {
            return !TryNumber(text[1..], out long suffix) ? null
                : suffix == 0 ? new(size, size)
                : new(Math.Max(0, size - suffix), size - 1);
        }

        long last = size - 1;
        bool isFine = TryNumber(text[..dash], out long first)
            && (dash == text.Length - 1 || (TryNumber(text[(dash + 1)..], out last) && last >= first));
        return isFine ? new(first, Math.Min(last, size - 1)) : null;
    }

    /// <summary>Reads the Content-Range of an upload: <c>FIRST-LAST</c>, as distribution-spec 1.1 #pushing-a-blob-in-chunks
    /// has it, or <c>bytes FIRST-LAST/SIZE</c> as HTTP has it.</summary>
    public static bool TryParseContentRange(string header, out ByteRange range)
    {
        range = default;
        ReadOnlySpan<char> text = header.AsSpan().Trim();
        if (text.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase))
        {
            text = text["bytes ".Length..];
            int slash = text.IndexOf('/');
            text = slash < 0 ? text : text[..slash];
        }

        int dash = text.IndexOf('-');
        if (dash < 0 || !TryNumber(text[..dash], out long first) || !TryNumber(text[(dash + 1)..], out long last) || last < first)
        {
            return false;
        }

        range = new(first, last);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
