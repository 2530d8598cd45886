// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Cli.Output;

/// <summary>Times for people, as docker's units package writes them.</summary>
internal static class HumanTime
{
    /// <summary><c>About an hour</c>, <c>3 weeks</c>; a time to come counts as none.</summary>
    public static string Format(TimeSpan span)
    {
        // hours are rounded, all else is cut, as docker does it
        long hours = (long)(span.TotalHours + 0.5);
        return span switch
        {
            { TotalSeconds: < 1 } => "Less than a second",
            { TotalSeconds: < 2 } => "1 second",
            { TotalSeconds: < 60 } => $"{(long)span.TotalSeconds} seconds",
            { TotalMinutes: < 2 } => "About a minute",
            { TotalMinutes: < 60 } => $"{(long)span.TotalMinutes} minutes",
            _ => hours switch
            {
                1 => "About an hour",
                < 48 => $"{hours} hours",
                < 24 * 7 * 2 => $"{hours / 24} days",
                < 24 * 30 * 2 => $"{hours / 24 / 7} weeks",
                < 24 * 365 * 2 => $"{hours / 24 / 30} months",
                _ => $"{(long)span.TotalHours / 24 / 365} years",
            },
        };
    }

    /// <summary><c>3 weeks ago</c>; <c>N/A</c> when the time is not known.</summary>
    public static string Ago(DateTimeOffset? then, DateTimeOffset now) =>
        then is null ? "N/A" : $"{Format(now - then.Value)} ago";

    /// <summary><c>2024-05-03 12:00:00 +0000 UTC</c>, as Go prints a time.</summary>
    public static string Full(DateTimeOffset? then) =>
        then is null ? "N/A" : then.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss '+0000 UTC'", CultureInfo.InvariantCulture);
}
