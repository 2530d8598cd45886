// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Keeper.Log;

/// <summary>Writes times as Go's RFC3339Nano in UTC: <c>2026-11-26T05:39:41.12Z</c>, no zeros at the end.</summary>
/// <remarks>Most records are of the second of the one before, so only the fraction is made anew.</remarks>
internal sealed class RecordTime
{
    /// <summary>Enough for every time.</summary>
    public const int MaxBytes = 30;

    private const int SecondBytes = 19;
    private const int FractionDigits = 9;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly byte[] _second = new byte[SecondBytes];
    private long _shown = long.MinValue;

    /// <summary>Puts the text into <paramref name="to"/> and tells its length.</summary>
    /// <param name="nanoseconds">since 1970 UTC; not negative</param>
    /// <param name="to">at least <see cref="MaxBytes"/></param>
    public int Format(long nanoseconds, Span<byte> to)
    {
        long seconds = nanoseconds / NanosecondsPerSecond;
        uint fraction = (uint)(nanoseconds - (seconds * NanosecondsPerSecond));
        if (seconds != _shown)
        {
            DateTimeOffset.FromUnixTimeSeconds(seconds)
                .TryFormat(_second, out _, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
            _shown = seconds;
        }

        _second.CopyTo(to);
        int length = SecondBytes;
        if (fraction != 0)
        {
            to[length++] = (byte)'.';
            int digits = FractionDigits;
            for (; fraction % 10 == 0; digits--)
            {
                fraction /= 10;
            }

            for (int i = digits - 1; i >= 0; i--)
            {
                uint tens = fraction / 10;
                to[length + i] = (byte)('0' + fraction - (tens * 10));
                fraction = tens;
            }

            length += digits;
        }

        to[length++] = (byte)'Z';
        return length;
    }
}
