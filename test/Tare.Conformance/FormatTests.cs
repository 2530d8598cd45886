// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary>Templates of <c>inspect</c>, <c>version</c> and <c>info</c>.</summary>
[Trait("ring", "kernel")]
public sealed class FormatTests(Subject subject) : IClassFixture<Subject>
{
    [Theory]
    [InlineData("true false", "{{eq .State.Status \"running\"}} {{.State.Running | not}}")]
    [InlineData("64", "{{len .Id}}")]
    [InlineData("1000", "{{index .Config.Cmd 1}}")]
    [InlineData("up", "{{if .State.Running}}up{{else}}down{{end}}")]
    [InlineData("[sleep][1000]", "{{range .Config.Cmd}}[{{.}}]{{end}}")]
    [InlineData("sleep,1000,", "{{range $i, $word := .Config.Cmd}}{{$word}},{{end}}")]
    [InlineData("[sleep 1000]", "{{.Config.Cmd}}")]
    [InlineData("Running", "{{title .State.Status}}")]
    [InlineData("[\"sleep\",\"1000\"]", "{{json .Config.Cmd}}")]
    [InlineData("exit-0", "{{printf \"exit-%d\" .State.ExitCode}}")]
    [InlineData("r-u-n-n-i-n-g", "{{join (split .State.Status \"\") \"-\"}}")]
    [InlineData("true", "{{and .State.Running (not .State.Paused)}}")]
    [InlineData("y", "{{with .Config.Labels}}{{.x}}{{end}}")]
    [InlineData("y", "{{index .Config.Labels \"x\"}}")]
    [InlineData("run", "{{truncate .State.Status 3}}")]
    [InlineData("ab", "a{{- /* nothing */ -}}b")]
    public void A_template_is_gos(string expected, string template) =>
        Assert.Equal(expected, subject.Look(subject.Sleeper("--label", "x=y"), template));

    [Theory]
    [InlineData("{{.State.Nosuch}}")]
    [InlineData("{{.Nosuch}}")]
    public void A_field_that_is_none_is_an_error(string template)
    {
        Outcome outcome = subject.Run("inspect", "-f", template, subject.Created("true"));

        subject.AssertRefused(outcome, 1, "Nosuch");
    }

    [Fact]
    public void A_template_that_is_none_is_refused_with_64()
    {
        Outcome outcome = subject.Run("inspect", "-f", "{{", subject.Created("true"));

        subject.AssertRefused(outcome, 64, "template");
    }

    [Fact]
    public void The_word_json_is_a_format()
    {
        string name = subject.Created("true");

        using var document = System.Text.Json.JsonDocument.Parse(subject.Ask("inspect", "-f", "json", name));

        Assert.Equal($"/{name}", document.RootElement[0].GetProperty("Name").GetString());
    }

    [Theory]
    [InlineData("version", "{{.Server.Version}}", @"^\d+\.\d+\.\d+")]
    [InlineData("version", "{{.Client.Version}}", @"^\d+\.\d+\.\d+")]
    [InlineData("version", "{{.Server.Os}}/{{.Server.Arch}}", "^linux/[a-z0-9]+$")]
    [InlineData("version", "{{json .}}", "^\\{\"Client\":\\{\"Version\":.*\"Server\":\\{.*\\}$")]
    [InlineData("info", "{{.OSType}} {{.Architecture}} {{.CgroupVersion}}", "^linux [a-z0-9_]+ [12]$")]
    [InlineData("info", "{{.NCPU}} {{.MemTotal}}", @"^\d+ \d+$")]
    [InlineData("info", "{{.LoggingDriver}}", "^json-file$")]
    [InlineData("info", "{{.ServerVersion}}", @"^\d+\.\d+\.\d+")]
    [InlineData("info", "{{.Containers}} {{.ContainersRunning}} {{.ContainersPaused}}", @"^\d+ \d+ \d+$")]
    [InlineData("info", "{{.ContainersStopped}} {{.Images}}", @"^\d+ \d+$")]
    public void Version_and_info_have_dockers_fields(string verb, string template, string pattern) =>
        Assert.Matches(pattern, subject.Ask(verb, "-f", template));

    [Fact]
    public void Info_counts_containers_by_state()
    {
        string paused = subject.Sleeper();
        subject.Sleeper();
        subject.Ask("pause", paused);
        subject.Ended("true");

        int[] counts =
        [
            .. subject.Ask("info", "-f", "{{.ContainersRunning}} {{.ContainersPaused}} {{.ContainersStopped}}")
                .Split(' ').Select(int.Parse),
        ];

        Assert.All(counts, count => Assert.True(count > 0));
    }
}
