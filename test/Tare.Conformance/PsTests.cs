// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>ps</c>: columns, states, formats.</summary>
[Trait("ring", "kernel")]
public sealed class PsTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void The_columns_are_dockers()
    {
        string name = subject.Sleeper();

        string[] lines = subject.Ask("ps", "-f", $"name={name}").Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.Matches("^CONTAINER ID   IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES$", lines[0]);
        Assert.Matches(
            $"^[0-9a-f]{{12}}   {subject.Image}   \"sleep 1000\"   .+ ago   Up .+   {name}$", lines[1]);
        Assert.Equal(
            lines[0].IndexOf("NAMES", StringComparison.Ordinal), lines[1].IndexOf(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_a_line_of_columns() => Assert.Matches(
        "^CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES$",
        subject.Ask("ps", "-f", "name=no-such-container"));

    [Fact]
    public void Each_state_has_its_words()
    {
        string paused = subject.Sleeper();
        subject.Ask("pause", paused);

        Assert.Matches("^Up (Less than a second|\\d+ seconds?)\\|running$", Said(subject.Sleeper()));
        Assert.Matches("^Up (Less than a second|\\d+ seconds?) \\(Paused\\)\\|paused$", Said(paused));
        Assert.Equal("Created|created", Said(subject.Created("true")));
        Assert.Matches(
            "^Exited \\(3\\) (Less than a second|\\d+ seconds?) ago\\|exited$", Said(subject.Ended("exit 3")));

        string Said(string name) =>
            subject.Ask("ps", "-a", "-f", $"name={name}", "--format", "{{.Status}}|{{.State}}");
    }

    [Fact]
    public void Only_what_runs_is_shown_without_all()
    {
        string ended = subject.Ended("true"), created = subject.Created("true");
        string running = subject.Sleeper(), paused = subject.Sleeper();
        subject.Ask("pause", paused);
        string[] filters =
            [.. new[] { ended, created, running, paused }.SelectMany(name => new[] { "-f", $"name={name}" })];

        Assert.Equal(
            [paused, running], subject.Ask(["ps", .. filters, "--format", "{{.Names}}"]).Split('\n'));
        Assert.Equal(
            [paused, running, created, ended],
            subject.Ask(["ps", "-a", .. filters, "--format", "{{.Names}}"]).Split('\n'));
    }

    [Fact]
    public void An_id_is_short_or_whole()
    {
        string name = subject.Sleeper();
        string id = subject.Look(name, "{{.Id}}");

        Assert.Equal(id[..12], subject.Ask("ps", "-q", "-f", $"name={name}"));
        Assert.Equal(id, subject.Ask("ps", "-q", "--no-trunc", "-f", $"name={name}"));
        Assert.Equal(id[..12], subject.Ask("ps", "-f", $"name={name}", "--format", "{{.ID}}"));
        Assert.Equal(id, subject.Ask("ps", "--no-trunc", "-f", $"name={name}", "--format", "{{.ID}}"));
    }

    [Fact]
    public void A_long_command_is_cut()
    {
        string name = subject.Created("sh", "-c", "echo a rather long command");

        Assert.Equal(
            "\"sh -c 'echo a rathe…\"", subject.Ask("ps", "-a", "-f", $"name={name}", "--format", "{{.Command}}"));
        Assert.Equal(
            "\"sh -c 'echo a rather long command'\"",
            subject.Ask("ps", "-a", "--no-trunc", "-f", $"name={name}", "--format", "{{.Command}}"));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("{{json .}}")]
    public void Json_has_dockers_keys(string format)
    {
        string name = subject.Sleeper("--label", "b=two", "--label", "a=1");

        using var document =
            System.Text.Json.JsonDocument.Parse(subject.Ask("ps", "-f", $"name={name}", "--format", format));

        // docker's own list may grow
        Assert.Superset(
            (ISet<string>)new HashSet<string>
            {
                "Command", "CreatedAt", "ID", "Image", "Labels", "LocalVolumes", "Mounts", "Names", "Networks", "Ports",
                "RunningFor", "Size",
                "State", "Status",
            },
            document.RootElement.EnumerateObject().Select(property => property.Name).ToHashSet());
        Assert.Equal("\"sleep 1000\"", document.RootElement.GetProperty("Command").GetString());
        Assert.Equal("a=1,b=two", document.RootElement.GetProperty("Labels").GetString());
        Assert.Equal("running", document.RootElement.GetProperty("State").GetString());
    }

    [Fact]
    public void Templates_know_tables_labels_and_functions()
    {
        string name = subject.Sleeper("--label", "b=two");
        string[] filter = ["ps", "-f", $"name={name}", "--format"];

        Assert.Equal(
            $"NAMES{new string(' ', name.Length - 2)}STATE\n{name}   running",
            subject.Ask([.. filter, "table {{.Names}}\\t{{.State}}"]));
        Assert.Equal("two", subject.Ask([.. filter, "{{.Label \"b\"}}"]));
        Assert.Equal(
            $"{name.ToUpperInvariant()} \"{name}\" 12",
            subject.Ask([.. filter, "{{upper .Names}} {{.Names | lower | json}} {{len .ID}}"]));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} \S+$", subject.Ask([.. filter, "{{.CreatedAt}}"]));
        subject.Refuses(1, "template", [.. filter, "{{"]);
    }

    [Fact]
    public void The_size_is_what_was_written()
    {
        string name = subject.Script("head -c 100000 /dev/zero >/tmp/zeros; echo ready; sleep 1000");
        subject.AwaitLog(name, "ready");

        Assert.Matches(
            @"^100kB \(virtual \d.*B\)$", subject.Ask("ps", "-s", "-f", $"name={name}", "--format", "{{.Size}}"));
        string header = subject.Ask("ps", "-s", "-f", $"name={name}").Split('\n')[0];
        Assert.EndsWith("NAMES" + new string(' ', name.Length - 2) + "SIZE", header, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "no arguments", "x")]
    [InlineData(125, "unknown flag: --nosuch", "--nosuch")]
    public void A_wrong_command_line_is_refused(int code, string words, params string[] args) =>
        subject.Refuses(code, words, ["ps", .. args]);
}
