// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Oci;

/// <summary>Times in documents: RFC 3339, UTC when we write them, up to nanoseconds when others did.</summary>
internal static class Timestamp
{
    /// <summary>The time that the text spells, cut to 100 ns; null for anything else.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        if (text is null || text.Length is < 20 or > 40 || text[10] is not ('T' or 't'))
        {
            return null;
        }
        // DateTimeOffset reads seven digits behind the point; RFC 3339 allows more, Go writes nine.
        int end = text.AsSpan(19).IndexOfAny("Zz+-") + 19;
        if (end < 19)
        {
            return null;
        }
        string readable = end > 27 ? string.Concat(text.AsSpan(0, 27), text.AsSpan(end)) : text;
        bool isTime = DateTimeOffset.TryParse(
            readable, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        return isTime ? time : null;
    }

    /// <summary>The text form, such as <c>2026-11-23T10:00:00.1234567Z</c>.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
}
