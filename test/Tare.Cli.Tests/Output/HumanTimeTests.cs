// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;

namespace Tare.Cli.Tests.Output;

public class HumanTimeTests
{
    private const int Minute = 60;
    private const int Hour = 60 * Minute;
    private const int Day = 24 * Hour;

    [Theory]
    [InlineData(-5, "Less than a second")]
    [InlineData(0, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(Minute, "About a minute")]
    [InlineData((2 * Minute) - 1, "About a minute")]
    [InlineData(2 * Minute, "2 minutes")]
    [InlineData(Hour, "About an hour")]
    [InlineData((2 * Hour) - (31 * Minute), "About an hour")]
    [InlineData((2 * Hour) - (29 * Minute), "2 hours")]
    [InlineData(47 * Hour, "47 hours")]
    [InlineData(2 * Day, "2 days")]
    [InlineData((14 * Day) - Hour, "13 days")]
    [InlineData(14 * Day, "2 weeks")]
    [InlineData((60 * Day) - Hour, "8 weeks")]
    [InlineData(60 * Day, "2 months")]
    [InlineData((730 * Day) - Hour, "24 months")]
    [InlineData(730 * Day, "2 years")]
    public void Spans_are_told_as_docker_tells_them(int seconds, string text) =>
        Assert.Equal(text, HumanTime.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void An_unknown_time_is_not_available() =>
        Assert.Equal("N/A", HumanTime.Ago(null, DateTimeOffset.UnixEpoch));

    [Fact]
    public void A_full_time_looks_as_in_go() =>
        Assert.Equal("2024-05-03 10:00:00 +0000 UTC", HumanTime.Full(new DateTimeOffset(2024, 5, 3, 12, 0, 0, TimeSpan.FromHours(2))));
}
