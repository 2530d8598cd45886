// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper.Log;

namespace Tare.Keeper.Tests.Log;

public class RecordTimeTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(1, "1970-01-01T00:00:00.000000001Z")]
    [InlineData(120_000_000, "1970-01-01T00:00:00.12Z")]
    [InlineData((1795672190 * Second) + 332275960, "2026-11-26T05:49:50.33227596Z")]
    [InlineData((1795672190 * Second) + 999999999, "2026-11-26T05:49:50.999999999Z")]
    [InlineData((1795672190 * Second) + 100, "2026-11-26T05:49:50.0000001Z")]
    [InlineData((1709164800 * Second) - 1, "2024-02-28T23:59:59.999999999Z")]
    [InlineData(1709164800 * Second, "2024-02-29T00:00:00Z")]
    public void Times_are_written_as_Go_writes_them(long nanoseconds, string text)
    {
        Assert.Equal(text, Format(new RecordTime(), nanoseconds));
    }

    [Fact]
    public void The_second_of_the_time_before_is_not_kept_for_another()
    {
        var time = new RecordTime();

        Format(time, 59 * Second);

        Assert.Equal("1970-01-01T00:01:00Z", Format(time, 60 * Second));
        Assert.Equal("1970-01-01T00:01:00.5Z", Format(time, (60 * Second) + 500_000_000));
        Assert.Equal("1970-01-01T00:00:59.5Z", Format(time, (59 * Second) + 500_000_000));
    }

    private static string Format(RecordTime time, long nanoseconds)
    {
        Span<byte> text = stackalloc byte[RecordTime.MaxBytes];
        return Encoding.ASCII.GetString(text[..time.Format(nanoseconds, text)]);
    }
}
