// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;

namespace Tare.Cli.Tests.Output;

public class HumanSizeTests
{
    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(1000, "1kB")]
    [InlineData(1234, "1.23kB")]
    [InlineData(4_270_000, "4.27MB")]
    [InlineData(74_800_000, "74.8MB")]
    [InlineData(117_400_000, "117MB")]
    [InlineData(999_700, "1MB")]
    [InlineData(1_050_000_000, "1.05GB")]
    [InlineData(long.MaxValue, "9.22EB")]
    public void Sizes_have_three_digits_and_units_of_a_thousand(long bytes, string text) =>
        Assert.Equal(text, HumanSize.Format(bytes));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1024", 1024)]
    [InlineData("32b", 32)]
    [InlineData("64k", 65536)]
    [InlineData("64KiB", 65536)]
    [InlineData("512m", 536870912)]
    [InlineData("512 MB", 536870912)]
    [InlineData("1.5g", 1610612736)]
    [InlineData("1T", 1099511627776)]
    public void Limits_are_read_in_units_of_1024(string text, long bytes) =>
        Assert.Equal(bytes, HumanSize.ParseBinary(text));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1")]
    [InlineData("12x")]
    [InlineData("12mm")]
    [InlineData("1..5g")]
    [InlineData("1e3")]
    [InlineData("9999999999999g")]
    [InlineData("79228162514264337593543950335p")]
    [InlineData("0x10")]
    [InlineData("12 m m")]
    public void Anything_else_is_refused(string text) =>
        Assert.Throws<FormatException>(() => HumanSize.ParseBinary(text));
}
