// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Oci;

namespace Tare.Engine.Logs;

/// <summary>A time as logs hold it: to the nanosecond, where the runtime's types end at 100 of them.</summary>
/// <param name="Seconds">since 1970 UTC, may be negative</param>
/// <param name="Nanoseconds">0..999,999,999</param>
internal readonly record struct LogTime(long Seconds, int Nanoseconds) : IComparable<LogTime>
{
    /// <summary>Bytes of <see cref="FormatFixed"/>.</summary>
    public const int FixedBytes = 30;

    private const int NanosecondsPerTick = 100;
    private const int NanosecondsPerSecond = 1_000_000_000;

    public static bool operator <(LogTime a, LogTime b) => a.CompareTo(b) < 0;

    public static bool operator >(LogTime a, LogTime b) => a.CompareTo(b) > 0;

    public static bool operator <=(LogTime a, LogTime b) => a.CompareTo(b) <= 0;

    public static bool operator >=(LogTime a, LogTime b) => a.CompareTo(b) >= 0;

    public static LogTime From(DateTimeOffset time)
    {
        long seconds = time.ToUnixTimeSeconds();
        long ticks = (time - DateTimeOffset.FromUnixTimeSeconds(seconds)).Ticks;
        return new LogTime(seconds, (int)ticks * NanosecondsPerTick);
    }

    /// <summary>What <c>--since</c> and <c>--until</c> of docker take; null for any other text.</summary>
    /// <param name="text">a Go duration before <paramref name="now"/>, RFC 3339 with any of its end left out, or
    /// seconds since 1970 with or without a fraction</param>
    /// <param name="now">for durations</param>
    /// <param name="localZone">of times that name no zone</param>
    public static LogTime? Parse(string text, DateTimeOffset now, TimeZoneInfo localZone)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);

        // 0 is a duration too, but everybody means the beginning of time
        return text != "0" && GoDuration.Parse(bytes) is { } ago ? From(now).Before(ago)
            : new LogTimeReader(bytes).ReadMoment(localZone) is { } moment ? moment
            : new LogTimeReader(bytes).ReadUnix();
    }

    /// <summary>A record's time: RFC 3339 with a zone; null for anything else.</summary>
    public static LogTime? ParseRecord(ReadOnlySpan<byte> text) => new LogTimeReader(text).ReadMoment(null);

    public int CompareTo(LogTime other) => Seconds != other.Seconds
        ? Seconds.CompareTo(other.Seconds)
        : Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>As <c>docker logs -t</c> prints it: UTC and always nine digits; years end at 9999.</summary>
    public void FormatFixed(Span<byte> to)
    {
        long seconds = Math.Clamp(
            Seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        DateTimeOffset.FromUnixTimeSeconds(seconds)
            .TryFormat(to, out int length, "yyyy-MM-dd'T'HH:mm:ss'.'", CultureInfo.InvariantCulture);
        Nanoseconds.TryFormat(to[length..], out int digits, "D9", CultureInfo.InvariantCulture);
        to[length + digits] = (byte)'Z';
    }

    /// <summary>Earlier by so many nanoseconds, or later when they are negative.</summary>
    private LogTime Before(long nanoseconds)
    {
        long seconds = Seconds - (nanoseconds / NanosecondsPerSecond);
        int rest = Nanoseconds - (int)(nanoseconds % NanosecondsPerSecond);
        return rest < 0 ? new(seconds - 1, rest + NanosecondsPerSecond)
            : rest >= NanosecondsPerSecond ? new(seconds + 1, rest - NanosecondsPerSecond)
            : new(seconds, rest);
    }
}
