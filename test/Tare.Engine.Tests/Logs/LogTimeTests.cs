// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Logs;

namespace Tare.Engine.Tests.Logs;

public class LogTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo TwoEast = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(2), "x", "x");

    [Theory]
    [InlineData("10s", "2026-11-26T11:59:50.000000000Z")]
    [InlineData("1h30m", "2026-11-26T10:30:00.000000000Z")]
    [InlineData("1.5h", "2026-11-26T10:30:00.000000000Z")]
    [InlineData(".5h", "2026-11-26T11:30:00.000000000Z")]
    [InlineData("500ms", "2026-11-26T11:59:59.500000000Z")]
    [InlineData("5us", "2026-11-26T11:59:59.999995000Z")]
    [InlineData("5µs", "2026-11-26T11:59:59.999995000Z")]
    [InlineData("1ns", "2026-11-26T11:59:59.999999999Z")]
    [InlineData("-10s", "2026-11-26T12:00:10.000000000Z")]
    [InlineData("-1ns", "2026-11-26T12:00:00.000000001Z")]
    [InlineData("+10s", "2026-11-26T11:59:50.000000000Z")]
    [InlineData("0s", "2026-11-26T12:00:00.000000000Z")]
    [InlineData("1h0.5m0.25s", "2026-11-26T10:59:29.750000000Z")]
    public void Durations_go_back_from_now(string text, string time) => Assert.Equal(time, Parsed(text));

    [Theory]
    [InlineData("2013-01-02T13:23:37Z", "2013-01-02T13:23:37.000000000Z")]
    [InlineData("2013-01-02T13:23:37", "2013-01-02T11:23:37.000000000Z")]
    [InlineData("2013-01-02T13:23:37.5", "2013-01-02T11:23:37.500000000Z")]
    [InlineData("2013-01-02T13:23:37.123456789Z", "2013-01-02T13:23:37.123456789Z")]
    [InlineData("2013-01-02T13:23:37.1234567891Z", "2013-01-02T13:23:37.123456789Z")]
    [InlineData("2013-01-02T13:23:37,5Z", "2013-01-02T13:23:37.500000000Z")]
    [InlineData("2013-01-02T13:23:37+01:00", "2013-01-02T12:23:37.000000000Z")]
    [InlineData("2013-01-02T13:23:37.5-01:30", "2013-01-02T14:53:37.500000000Z")]
    [InlineData("2013-01-02T13:23", "2013-01-02T11:23:00.000000000Z")]
    [InlineData("2013-01-02T13:23Z", "2013-01-02T13:23:00.000000000Z")]
    [InlineData("2013-01-02T13", "2013-01-02T11:00:00.000000000Z")]
    [InlineData("2013-01-02T13+02:00", "2013-01-02T11:00:00.000000000Z")]
    [InlineData("2013-01-02", "2013-01-01T22:00:00.000000000Z")]
    [InlineData("2013-01-02Z", "2013-01-02T00:00:00.000000000Z")]
    [InlineData("2013-01-02-01:00", "2013-01-02T01:00:00.000000000Z")]
    [InlineData("2024-02-29Z", "2024-02-29T00:00:00.000000000Z")]
    [InlineData("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250000000Z")]
    public void Moments_may_lack_zone_and_end(string text, string time) => Assert.Equal(time, Parsed(text));

    [Theory]
    [InlineData("0", "1970-01-01T00:00:00.000000000Z")]
    [InlineData("1136073600", "2006-01-01T00:00:00.000000000Z")]
    [InlineData("1136073600.000000001", "2006-01-01T00:00:00.000000001Z")]
    [InlineData("1136073600.5", "2006-01-01T00:00:00.500000000Z")]
    [InlineData("1700000000.1234567891", "2023-11-14T22:13:20.123456789Z")]
    public void Seconds_since_1970_may_have_a_fraction(string text, string time) => Assert.Equal(time, Parsed(text));

    /// <summary>Docker refuses all of these, too.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("5.")]
    [InlineData(".5")]
    [InlineData(" 5")]
    [InlineData("1e9")]
    [InlineData("1d")]
    [InlineData("h")]
    [InlineData("1h-5m")]
    [InlineData("1hm")]
    [InlineData(".h")]
    [InlineData("1..5h")]
    [InlineData("10000000000h")]
    [InlineData("9223372036854775808")]
    [InlineData("1700000000.")]
    [InlineData("1700000000.-5")]
    [InlineData("2013-13-02")]
    [InlineData("2013-00-02")]
    [InlineData("2013-02-29")]
    [InlineData("2013-1-2")]
    [InlineData("2013-01-02T24:00:00Z")]
    [InlineData("2013-01-02T13:60Z")]
    [InlineData("2013-01-02T13:23:60Z")]
    [InlineData("2013-01-02T13:23:37.Z")]
    [InlineData("2013-01-02T")]
    [InlineData("2013-01-02T13:23:37+25:00")]
    [InlineData("2013-01-02T13:23:37+01:60")]
    [InlineData("2013-01-02T13:23:37+0100")]
    [InlineData("2013-01-02t13:23:37Z")]
    [InlineData("2013-01-02 13:23:37")]
    [InlineData("2013-01-02T13:23:37ZZ")]
    public void Other_texts_are_no_times(string text) => Assert.Null(LogTime.Parse(text, Now, TwoEast));

    [Fact]
    public void A_record_names_its_zone()
    {
        Assert.Equal(new LogTime(1_795_672_190, 5), LogTime.ParseRecord("2026-11-26T05:49:50.000000005Z"u8));
        Assert.Equal(new LogTime(1_795_672_190, 0), LogTime.ParseRecord("2026-11-26T07:49:50+02:00"u8));
        Assert.Null(LogTime.ParseRecord("2026-11-26T05:49:50"u8));
    }

    [Fact]
    public void Nothing_throws_whatever_the_text()
    {
        var random = new Random(5);
        const string Letters = "0123456789-+:.,TZhmsnuµ \0é";
        for (int i = 0; i < 20_000; i++)
        {
            char[] text = "2013-01-02T13:23:37.5+01:00"[..random.Next(28)].ToCharArray();
            for (int change = 0; change < 2 && text.Length > 0; change++)
            {
                text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            }

            LogTime.Parse(new string(text), Now, TwoEast)?.FormatFixed(new byte[LogTime.FixedBytes]);
        }
    }

    [Fact]
    public void Times_beyond_the_calendar_are_compared_and_shown_as_its_end()
    {
        LogTime late = LogTime.Parse("9000000000000000000.5", Now, TwoEast)!.Value;
        byte[] shown = new byte[LogTime.FixedBytes];

        late.FormatFixed(shown);

        Assert.True(late > LogTime.From(Now));
        Assert.StartsWith("9999-12-31T23:59:59", Encoding.ASCII.GetString(shown), StringComparison.Ordinal);
    }

    private static string? Parsed(string text)
    {
        if (LogTime.Parse(text, Now, TwoEast) is not { } time)
        {
            return null;
        }

        byte[] shown = new byte[LogTime.FixedBytes];
        time.FormatFixed(shown);
        return Encoding.ASCII.GetString(shown);
    }
}
