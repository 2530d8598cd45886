// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Requests;
using Tare.Engine.Containers;

namespace Tare.Cli.Tests.Requests;

public class ScalarTextsTests
{
    [Theory]
    [InlineData("1.5", 1_500_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("2", 2_000_000_000)]
    public void Cpus_are_counted_in_billionths(string text, long nano) =>
        Assert.Equal(nano, ScalarTexts.NanoCpus(text));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("0.0000000001")]
    [InlineData("99999999999999")]
    public void Other_cpus_are_refused(string text) => Assert.Throws<FormatException>(() => ScalarTexts.NanoCpus(text));

    [Fact]
    public void A_ulimit_has_one_or_two_values()
    {
        Assert.Equal(new UlimitRequest("nofile", 1024, 1024), ScalarTexts.Ulimit("nofile=1024"));
        Assert.Equal(new UlimitRequest("nproc", 1, -1), ScalarTexts.Ulimit("nproc=1:-1"));
    }

    [Theory]
    [InlineData("nofile")]
    [InlineData("nofile=")]
    [InlineData("nofile=1:2:3")]
    [InlineData("nofile=2:1")]
    [InlineData("nofile=-1:1")]
    [InlineData("nofile=-2")]
    [InlineData("files=1")]
    [InlineData("nofile=1=2")]
    public void Other_ulimits_are_refused(string text) =>
        Assert.Throws<FormatException>(() => ScalarTexts.Ulimit(text));

    [Fact]
    public void A_device_has_a_target_and_rights()
    {
        Assert.Equal(new DeviceRequest("/dev/x", "/dev/x", "rwm"), ScalarTexts.Device("/dev/x"));
        Assert.Equal(new DeviceRequest("/dev/x", "/dev/x", "r"), ScalarTexts.Device("/dev/x:r"));
        Assert.Equal(new DeviceRequest("/dev/x", "/dev/y", "rw"), ScalarTexts.Device("/dev/x:/dev/y:rw"));
        Assert.Throws<FormatException>(() => ScalarTexts.Device("/dev/x:/dev/y:rr"));
        Assert.Throws<FormatException>(() => ScalarTexts.Device("dev"));
    }
}
