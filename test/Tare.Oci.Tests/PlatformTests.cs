// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public sealed class PlatformTests
{
    private static readonly Platform Amd64 = new("amd64", "linux");

    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("linux/x86_64", "linux/amd64")]
    [InlineData("linux/x86-64", "linux/amd64")]
    [InlineData("Linux/AMD64", "linux/amd64")]
    [InlineData("linux/amd64/v1", "linux/amd64")]
    [InlineData("linux/amd64/v3", "linux/amd64/v3")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/arm64/8", "linux/arm64")]
    [InlineData("linux/arm", "linux/arm/v7")]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    [InlineData("linux/arm/6", "linux/arm/v6")]
    [InlineData("linux/armhf", "linux/arm/v7")]
    [InlineData("linux/armel", "linux/arm/v6")]
    [InlineData("linux/i386", "linux/386")]
    [InlineData("macos/arm64", "darwin/arm64")]
    [InlineData("linux", "linux/amd64")]
    [InlineData("windows", "windows/amd64")]
    [InlineData("arm64", "linux/arm64")]
    [InlineData("arm", "linux/arm/v7")]
    [InlineData("linux/newarch", "linux/newarch")]
    public void Names_are_normalised(string text, string expected) =>
        Assert.Equal(expected, Platform.Parse(text, Amd64).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("linux/")]
    [InlineData("/amd64")]
    [InlineData("linux/amd64/")]
    [InlineData("linux/amd64/v1/x")]
    [InlineData("lin ux/amd64")]
    [InlineData("linux/ämd64")]
    [InlineData("nothing")]
    [InlineData("linux/amd64\n")]
    [InlineData("linux/../etc")]
    [InlineData("linux/.")]
    public void What_is_no_platform_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => Platform.Parse(text, Amd64)).Kind);

    [Fact]
    public void A_long_text_is_refused() =>
        Assert.Throws<TareException>(() => Platform.Parse("linux/" + new string('a', 1000), Amd64));

    [Theory]
    [InlineData("linux/amd64", "linux/amd64", 0)]
    [InlineData("linux/amd64", "linux/x86_64", 0)]
    [InlineData("linux/amd64", "linux/386", 1)]
    [InlineData("linux/amd64", "linux/amd64/v3", null)]
    [InlineData("linux/amd64/v3", "linux/amd64/v3", 0)]
    [InlineData("linux/amd64/v3", "linux/amd64/v2", 1)]
    [InlineData("linux/amd64/v3", "linux/amd64", 2)]
    [InlineData("linux/amd64", "linux/arm64", null)]
    [InlineData("linux/amd64", "windows/amd64", null)]
    [InlineData("linux/arm64", "linux/arm64/v8", 0)]
    [InlineData("linux/arm64", "linux/arm/v8", 1)]
    [InlineData("linux/arm64", "linux/arm/v7", 2)]
    [InlineData("linux/arm64", "linux/arm/v5", 4)]
    [InlineData("linux/arm/v7", "linux/arm", 0)]
    [InlineData("linux/arm/v7", "linux/arm/v6", 1)]
    [InlineData("linux/arm/v6", "linux/arm/v7", null)]
    [InlineData("linux/arm/v7", "linux/arm64", null)]
    [InlineData("linux/amd64", "unknown/unknown", null)]
    public void A_host_runs_its_own_and_older_variants(string host, string content, int? rank) =>
        Assert.Equal(rank, Platform.Parse(host, Amd64).Rank(Platform.Parse(content, Amd64)));
}
