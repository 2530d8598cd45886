// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Oci;

namespace Tare.Engine.Tests.Configuration;

public sealed class LogConfigurationTests
{
    private static readonly LogConfiguration Fallback = new(true, 1_000_000, 3);
    private static readonly Dictionary<string, string> Nothing = [];

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("json-file", true)]
    [InlineData("none", false)]
    public void A_driver_alone_keeps_the_limits(string? driver, bool enabled) =>
        Assert.Equal(Fallback with { Enabled = enabled }, LogConfiguration.Parse(driver, Nothing, Fallback));

    [Fact]
    public void A_driver_that_was_asked_for_wins_over_a_configuration_without_logs()
    {
        LogConfiguration off = Fallback with { Enabled = false };

        Assert.True(LogConfiguration.Parse("json-file", Nothing, off).Enabled);
        Assert.False(LogConfiguration.Parse(null, Nothing, off).Enabled);
    }

    [Theory]
    [InlineData("100k", 100_000L)]
    [InlineData("10m", 10_000_000L)]
    [InlineData("10MB", 10_000_000L)]
    [InlineData("10MiB", 10L << 20)]
    [InlineData("1g", 1_000_000_000L)]
    [InlineData("4096", 4096L)]
    [InlineData("4KiB", 4096L)]
    [InlineData("1TiB", 1L << 40)]
    [InlineData("-1", 0L)]
    public void Sizes_are_dockers(string text, long bytes) => Assert.Equal(
        Fallback with { MaxBytes = bytes },
        LogConfiguration.Parse(null, new Dictionary<string, string> { ["max-size"] = text }, Fallback));

    [Fact]
    public void Options_are_taken_together() => Assert.Equal(
        new(true, 5_000_000, 7),
        LogConfiguration.Parse("json-file", new Dictionary<string, string> { ["max-size"] = "5m", ["max-file"] = "7" }, Fallback));

    [Fact]
    public void What_goes_into_each_record_is_kept_as_it_was_typed() => Assert.Equal(
        ("^com\\.", "^(SH|A)", "{{ .Name }}/{{.ID}}", "x,y"),
        LogConfiguration.Parse(
            null,
            new Dictionary<string, string>
            {
                ["labels-regex"] = "^com\\.",
                ["env-regex"] = "^(SH|A)",
                ["tag"] = "{{ .Name }}/{{.ID}}",
                ["labels"] = ",x,y,",
            },
            Fallback) is { } log
            ? (log.LabelsRegex, log.EnvRegex, log.Tag, string.Join(',', log.Labels!))
            : default);

    [Fact]
    public void Both_modes_are_taken()
    {
        Assert.Equal(Fallback, LogConfiguration.Parse(null, new Dictionary<string, string> { ["mode"] = "blocking" }, Fallback));
        Assert.Equal(
            Fallback,
            LogConfiguration.Parse(null, new Dictionary<string, string> { ["mode"] = "non-blocking", ["max-buffer-size"] = "4m" }, Fallback));
        Assert.Throws<TareException>(
            () => LogConfiguration.Parse(null, new Dictionary<string, string> { ["mode"] = "non-blocking", ["max-buffer-size"] = "x" }, Fallback));
    }

    [Fact]
    public void Packing_wants_files_to_pack()
    {
        Dictionary<string, string> compress = new() { ["compress"] = "true" };
        Assert.True(LogConfiguration.Parse(null, compress, Fallback).Compress);

        TareException one = Assert.Throws<TareException>(
            () => LogConfiguration.Parse(null, compress, Fallback with { MaxFiles = 1 }));
        TareException endless = Assert.Throws<TareException>(
            () => LogConfiguration.Parse(null, compress, Fallback with { MaxBytes = 0 }));

        Assert.Equal("compress cannot be true when max-file is less than 2 or max-size is not set", one.Message);
        Assert.Equal(one.Message, endless.Message);
    }

    [Theory]
    [InlineData("syslog", "", "", "log driver \"syslog\": want \"json-file\" or \"none\"")]
    [InlineData("JSON-FILE", "", "", "log driver \"JSON-FILE\": want \"json-file\" or \"none\"")]
    [InlineData("none", "max-size", "1m", "invalid logging opts for driver none")]
    [InlineData(null, "nosuch", "x", "log-opt \"nosuch=x\": unknown for the json-file driver, which has max-size, max-file, compress, labels, labels-regex, env, env-regex, tag, mode, max-buffer-size")]
    [InlineData(null, "labels-regex", "(", "log-opt \"labels-regex=(\": not a regular expression")]
    [InlineData(null, "env-regex", "[a", "log-opt \"env-regex=[a\": not a regular expression")]
    [InlineData(null, "tag", "a {{.Name", "log-opt \"tag=a {{.Name\": {{ without }}")]
    [InlineData(null, "tag", "{{ID}}", "log-opt \"tag={{ID}}\": \"ID\" is none of .ID, .FullID, .Name, .ImageID, .ImageFullID, .ImageName, .DaemonName, .Hostname, .Command, .ContainerID, .ContainerName, .ContainerImageID, .ContainerImageName")]
    [InlineData(null, "mode", "x", "log-opt \"mode=x\": want blocking or non-blocking")]
    [InlineData(null, "max-buffer-size", "4m", "max-buffer-size option is only supported with 'mode=non-blocking'")]
    [InlineData(null, "compress", "yes", "log-opt \"compress=yes\": want true or false")]
    [InlineData(null, "max-size", "", "log-opt \"max-size=\": want a size such as 20m")]
    [InlineData(null, "max-size", "-2", "log-opt \"max-size=-2\": want a size such as 20m")]
    [InlineData(null, "max-size", "ten", "log-opt \"max-size=ten\": want a size such as 20m")]
    [InlineData(null, "max-size", "999", "log-opt \"max-size=999\": want a size from 1k to 1TiB, or -1 for no limit")]
    [InlineData(null, "max-size", "2TiB", "log-opt \"max-size=2TiB\": want a size from 1k to 1TiB, or -1 for no limit")]
    [InlineData(null, "max-file", "0", "log-opt \"max-file=0\": want a number of files from 1 to 1000")]
    [InlineData(null, "max-file", "-1", "log-opt \"max-file=-1\": want a number of files from 1 to 1000")]
    [InlineData(null, "max-file", "1001", "log-opt \"max-file=1001\": want a number of files from 1 to 1000")]
    [InlineData(null, "max-file", "99999999999", "log-opt \"max-file=99999999999\": want a number of files from 1 to 1000")]
    public void What_is_wrong_is_named(string? driver, string option, string value, string message)
    {
        Dictionary<string, string> options = option.Length == 0 ? Nothing : new() { [option] = value };

        TareException refused = Assert.Throws<TareException>(() => LogConfiguration.Parse(driver, options, Fallback));

        Assert.Equal(message, refused.Message);
        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
    }
}
