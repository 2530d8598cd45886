// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("30s", 30_000_000_000, "30s")]
    [InlineData("1m30s", 90_000_000_000, "1m30s")]
    [InlineData("1.5h", 5_400_000_000_000, "1h30m0s")]
    [InlineData("0", 0, "0s")]
    [InlineData("100ms", 100_000_000, "100ms")]
    [InlineData("1500us", 1_500_000, "1.5ms")]
    [InlineData("1s1ns", 1_000_000_001, "1.000000001s")]
    public void Durations_are_as_in_Go(string text, long nanoseconds, string formatted)
    {
        Assert.Equal(nanoseconds, GoDuration.Parse(text));
        Assert.Equal(formatted, GoDuration.Format(nanoseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData(".s")]
    [InlineData("1..5s")]
    [InlineData("1d")]
    [InlineData("9999999999h")]
    [InlineData("1s ")]
    public void What_is_no_duration_is_refused(string text) => Assert.Null(GoDuration.Parse(text));
}
