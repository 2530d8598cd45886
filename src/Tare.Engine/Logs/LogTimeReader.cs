// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Logs;

/// <summary>Reads the forms of a time; every method answers null unless the whole text is one.</summary>
internal ref struct LogTimeReader(ReadOnlySpan<byte> text)
{
    private const int FractionDigits = 9;
    private const int MaxZoneHours = 24;

    private ReadOnlySpan<byte> _rest = text;

    /// <summary><c>2006-01-02[T15[:04[:05[.9…]]]][Z|±07:00]</c>.</summary>
    /// <param name="localZone">of a text that names no zone; null: such a text is no time</param>
    public LogTime? ReadMoment(TimeZoneInfo? localZone)
    {
        DateTime? read = ReadDate();
        if (read is not { } date)
        {
            return null;
        }

        int nanoseconds = 0;
        if (Skip((byte)'T'))
        {
            if (ReadClock(out nanoseconds) is not { } time)
            {
                return null;
            }

            date += time;
        }

        if (_rest.IsEmpty)
        {
            return localZone is null ? null : At(date, localZone.GetUtcOffset(date), nanoseconds);
        }

        return ReadZone() is { } offset && _rest.IsEmpty ? At(date, offset, nanoseconds) : null;
    }

    /// <summary>Seconds since 1970, with or without a fraction, of which nine digits count.</summary>
    public LogTime? ReadUnix()
    {
        int digits = 0;
        long seconds = 0;
        while (!_rest.IsEmpty && char.IsAsciiDigit((char)_rest[0]))
        {
            int digit = _rest[0] - '0';
            if (seconds > (long.MaxValue - digit) / 10)
            {
                return null;
            }

            seconds = (seconds * 10) + digit;
            _rest = _rest[1..];
            digits++;
        }

        int nanoseconds = 0;
        bool isNumber = digits > 0 && (!Skip((byte)'.') || ReadFraction(out nanoseconds));
        return isNumber && _rest.IsEmpty ? new LogTime(seconds, nanoseconds) : null;
    }

    private static LogTime At(DateTime date, TimeSpan offset, int nanoseconds)
    {
        long ticks = date.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks;
        return new LogTime(ticks / TimeSpan.TicksPerSecond, nanoseconds);
    }

    private DateTime? ReadDate() =>
        Number(4, 4) is { } year and > 0 && Skip((byte)'-')
        && Number(2, 2) is { } month and > 0 and <= 12 && Skip((byte)'-')
        && Number(2, 2) is { } day and > 0 && day <= DateTime.DaysInMonth(year, month)
            ? new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified)
            : null;

    /// <summary>As Go does, an hour of one digit and a comma before the fraction are let pass.</summary>
    private TimeSpan? ReadClock(out int nanoseconds)
    {
        nanoseconds = 0;
        int? minute = 0;
        int? second = 0;
        if (Number(1, 2) is not { } hour)
        {
            return null;
        }

        if (Skip((byte)':'))
        {
            minute = Number(2, 2);
            if (minute is not null && Skip((byte)':'))
            {
                second = Number(2, 2);
                if ((Skip((byte)'.') || Skip((byte)',')) && !ReadFraction(out nanoseconds))
                {
                    return null;
                }
            }
        }

        return hour < 24 && minute < 60 && second < 60 ? new TimeSpan(hour, minute.Value, second.Value) : null;
    }

    private TimeSpan? ReadZone()
    {
        if (Skip((byte)'Z'))
        {
            return TimeSpan.Zero;
        }

        bool isWest = Skip((byte)'-');
        if (!isWest && !Skip((byte)'+'))
        {
            return null;
        }

        if (Number(2, 2) is not { } hours || !Skip((byte)':') || Number(2, 2) is not { } minutes)
        {
            return null;
        }

        var offset = new TimeSpan(hours, minutes, 0);
        return hours > MaxZoneHours || minutes >= 60 ? null : isWest ? -offset : offset;
    }

    private bool ReadFraction(out int nanoseconds)
    {
        nanoseconds = 0;
        int digits = 0;
        for (; !_rest.IsEmpty && char.IsAsciiDigit((char)_rest[0]); digits++)
        {
            nanoseconds = digits < FractionDigits ? (nanoseconds * 10) + _rest[0] - '0' : nanoseconds;
            _rest = _rest[1..];
        }

        for (int missing = digits; missing < FractionDigits; missing++)
        {
            nanoseconds *= 10;
        }

        return digits > 0;
    }

    private int? Number(int minDigits, int maxDigits)
    {
        int number = 0;
        int digits = 0;
        for (; digits < maxDigits && !_rest.IsEmpty && char.IsAsciiDigit((char)_rest[0]); digits++)
        {
            number = (number * 10) + _rest[0] - '0';
            _rest = _rest[1..];
        }

        return digits >= minDigits ? number : null;
    }

    private bool Skip(byte expected)
    {
        bool found = !_rest.IsEmpty && _rest[0] == expected;
        _rest = found ? _rest[1..] : _rest;
        return found;
    }
}
