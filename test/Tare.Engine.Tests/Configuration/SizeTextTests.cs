// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;

namespace Tare.Engine.Tests.Configuration;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("512", 512, 512)]
    [InlineData("1b", 1, 1)]
    [InlineData("1k", 1000, 1024)]
    [InlineData("1 K", 1000, 1024)]
    [InlineData("1kB", 1000, 1024)]
    [InlineData("1KiB", 1024, 1024)]
    [InlineData("1.5M", 1_500_000, 1_572_864)]
    [InlineData("0.3k", 300, 307)]
    [InlineData(".5g", 500_000_000, 536_870_912)]
    [InlineData("2T", 2_000_000_000_000, 2_199_023_255_552)]
    [InlineData("8191p", 8_191_000_000_000_000_000, 9_222_246_136_947_933_184)]
    [InlineData("9223372036854775807", long.MaxValue, long.MaxValue)]
    public void Sizes_are_read(string text, long decimally, long binary)
    {
        Assert.True(SizeText.TryParse(text, 1000, out long bytes));
        Assert.Equal(decimally, bytes);
        Assert.True(SizeText.TryParse(text, 1024, out bytes));
        Assert.Equal(binary, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("k")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1x")]
    [InlineData("1kk")]
    [InlineData("1kib2")]
    [InlineData("1bk")]
    [InlineData("1,5m")]
    [InlineData("1.2.3m")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("\u0661k")]
    [InlineData("1\0")]
    [InlineData("9223372036854775808")]
    [InlineData("10000p")]
    [InlineData("79228162514264337593543950335p")]
    [InlineData("0000000000000000000000000000000000001")]
    public void What_is_no_size_is_refused(string text)
    {
        Assert.False(SizeText.TryParse(text, 1000, out _));
        Assert.False(SizeText.TryParse(text, 1024, out _));
    }
}
