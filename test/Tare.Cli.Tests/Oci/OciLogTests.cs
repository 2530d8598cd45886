// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Oci;

namespace Tare.Cli.Tests.Oci;

public sealed class OciLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-log-").FullName;
    private readonly StringWriter _error = new() { NewLine = "\n" };

    private string File => Path.Combine(_folder, "log");

    [Fact]
    public void Json_has_level_msg_and_time()
    {
        Log(isJson: true).Warning("first");
        Log(isJson: true).Error("said \"no\"\n", hint: "do it");

        string[] lines = System.IO.File.ReadAllLines(File);
        Assert.Equal("{\"level\":\"warning\",\"msg\":\"first\",\"time\":\"2026-11-27T12:00:00Z\"}", lines[0]);
        using JsonDocument second = JsonDocument.Parse(lines[1]);
        Assert.Equal("said \"no\"\n", second.RootElement.GetProperty("msg").GetString());
        Assert.Equal("said \"no\"\\x0a\nhint: do it\n", _error.ToString());
    }

    [Fact]
    public void Text_is_pairs_of_key_and_value()
    {
        Log(isJson: false).Error("open /x: \"no\"");

        Assert.Equal("time=\"2026-11-27T12:00:00Z\" level=error msg=\"open /x: \\\"no\\\"\"\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Debug_is_for_those_who_ask()
    {
        Log(isJson: true).Debug("quiet");
        Log(isJson: true, isDebug: true).Debug("loud");

        Assert.Contains("loud", Assert.Single(System.IO.File.ReadAllLines(File)), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void Without_a_file_warnings_are_told_on_standard_error()
    {
        var log = new OciLog(null, isJson: false, isDebug: false, _error, new Noon());
        log.Warning("careful");
        log.Error("no");

        Assert.Equal("warning: careful\nno\n", _error.ToString());
    }

    [Fact]
    public void Without_a_file_json_goes_to_standard_error()
    {
        new OciLog(null, isJson: true, isDebug: false, _error, new Noon()).Error("no");

        Assert.Equal("{\"level\":\"error\",\"msg\":\"no\",\"time\":\"2026-11-27T12:00:00Z\"}\n", _error.ToString());
    }

    [Fact]
    public void A_log_that_cannot_be_written_hides_nothing()
    {
        new OciLog("/nowhere/log", isJson: true, isDebug: false, _error, new Noon()).Error("no");

        Assert.StartsWith("warning: log /nowhere/log: open", _error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\nno\n", _error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private OciLog Log(bool isJson, bool isDebug = false) => new(File, isJson, isDebug, _error, new Noon());

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    }
}
