// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Build.Solve;
using Tare.Cli.BuildProgress;

namespace Tare.Cli.Tests.BuildProgress;

public sealed class RawJsonViewTests
{
    private const string Step = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    [Fact]
    public void Each_change_is_a_line_as_BuildKits_clients_read_it()
    {
        var output = new StringWriter();
        var clock = new Ticks();
        using var view = new RawJsonView(output, clock);
        view.Tell(new BuildEvent.Began("metadata x", "[internal] load metadata for x"));
        view.Tell(new BuildEvent.Ended("metadata x"));
        view.Tell(new BuildEvent.Began(Step, "[2/2] RUN make") { Inputs = ["metadata x"] });
        view.Tell(new BuildEvent.Said(Step, "so\e[1m"));
        view.Tell(new BuildEvent.Noted(Step, "importing"));
        clock.Go(2);
        view.Tell(new BuildEvent.Cached(Step));
        view.Tell(new BuildEvent.Ended(Step));

        JsonElement[] lines = [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        JsonElement first = lines[0].GetProperty("vertexes")[0], begun = lines[2].GetProperty("vertexes")[0], ended = lines[5].GetProperty("vertexes")[0];

        Assert.Matches("^sha256:[0-9a-f]{64}$", first.GetProperty("digest").GetString());
        Assert.Equal(Step, begun.GetProperty("digest").GetString());
        Assert.Equal(first.GetProperty("digest").GetString(), begun.GetProperty("inputs")[0].GetString());
        Assert.False(begun.TryGetProperty("completed", out _));
        Assert.Equal("so\e[1m\n", Encoding.UTF8.GetString(lines[3].GetProperty("logs")[0].GetProperty("data").GetBytesFromBase64()));
        Assert.Equal("importing", lines[4].GetProperty("statuses")[0].GetProperty("id").GetString());
        Assert.Equal("1970-01-01T00:00:00Z", ended.GetProperty("started").GetString());
        Assert.Equal("1970-01-01T00:00:02Z", ended.GetProperty("completed").GetString());
        Assert.True(ended.GetProperty("cached").GetBoolean());
    }

    [Fact]
    public void A_doubt_is_a_warning_of_its_step_with_rule_place_and_page()
    {
        var output = new StringWriter();
        using var view = new RawJsonView(output, new Ticks());
        view.Tell(new BuildEvent.Began(Step, "x"));
        view.Tell(PlainViewTests.Doubt(Step));

        JsonElement warning = JsonDocument.Parse(output.ToString().Split('\n')[1]).RootElement.GetProperty("warnings")[0];
        Assert.Equal((Step, 1), (warning.GetProperty("vertex").GetString(), warning.GetProperty("level").GetInt32()));
        Assert.Equal("StageNameCasing: Stage \e[2J (line 3)", Encoding.UTF8.GetString(warning.GetProperty("short").GetBytesFromBase64()));
        Assert.Equal("https://docs.docker.com/go/dockerfile/rule/stage-name-casing/", warning.GetProperty("url").GetString());
        Assert.Equal("Dockerfile", warning.GetProperty("sourceInfo").GetProperty("filename").GetString());
        JsonElement range = warning.GetProperty("range")[0];
        Assert.Equal((3, 4), (range.GetProperty("start").GetProperty("line").GetInt32(), range.GetProperty("end").GetProperty("line").GetInt32()));
    }

    [Fact]
    public void A_failure_has_its_cause()
    {
        var output = new StringWriter();
        using var view = new RawJsonView(output, new Ticks());
        view.Tell(new BuildEvent.Began(Step, "x"));
        view.Tell(new BuildEvent.Failed(Step, "exit code: 3", IsCancelled: false));

        Assert.Contains("\"error\":\"exit code: 3\"", output.ToString(), StringComparison.Ordinal);
    }
}
