// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary><c>inspect</c> of containers in each state.</summary>
[Trait("ring", "kernel")]
public sealed partial class InspectStateTests(Subject subject) : IClassFixture<Subject>
{
    private const string Never = "0001-01-01T00:00:00Z";

    [Fact]
    public void Created() => AssertState(subject.Created("true"), Json("created"));

    [Fact]
    public void Running() => AssertState(subject.Sleeper(), Json("running"));

    [Fact]
    public void Paused()
    {
        string name = subject.Sleeper();
        subject.Ask("pause", name);

        AssertState(name, Json("paused"));
    }

    [Theory]
    [InlineData(3, "exit 3")]
    [InlineData(0, "true")]
    public void Exited(int code, string script) =>
        AssertState(subject.Ended(script), Json("exited", code));

    [Fact]
    public void Killed_for_its_memory()
    {
        string name = subject.Name("hungry");
        subject.Run("run", "--name", name, "-m", "8m", subject.Image, "sh", "-c", "tail /dev/zero");

        AssertState(name, Json("exited", 137, hungry: true));
    }

    [Fact]
    public void Started_again()
    {
        string name = subject.Ended("[ -e /tmp/second ] && exec sleep 1000; touch /tmp/second; exit 3");
        string first = subject.Look(name, "{{.State.FinishedAt}}");

        subject.Ask("start", name);

        Assert.Equal(
            $"running 0 {first}", subject.Look(name, "{{.State.Status}} {{.State.ExitCode}} {{.State.FinishedAt}}"));
    }

    [Fact]
    public void The_process_is_the_one_of_the_host()
    {
        string name = subject.Sleeper();

        string pid = subject.Look(name, "{{.State.Pid}}");

        Assert.Equal("sleep\u00001000\0", File.ReadAllText($"/proc/{pid}/cmdline"));
    }

    [Fact]
    public void Times_are_in_order()
    {
        string name = subject.Ended("sleep 0.2");
        DateTimeOffset[] times =
        [
            .. subject.Look(name, "{{.Created}} {{.State.StartedAt}} {{.State.FinishedAt}}").Split(' ').Select(Moment),
        ];

        Assert.True(times[0] < times[1] && times[1].AddSeconds(0.15) < times[2], string.Join(' ', times));
        Assert.InRange(times[2] - times[0], TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void The_command_line_is_kept_as_docker_keeps_it()
    {
        string name = subject.Name("whole");
        subject.Ask(
            "create", "--name", name, "-it", "-h", "box", "-e", "A=1", "--label", "x=y", "--stop-signal", "HUP",
            "--stop-timeout", "3",
            "-w", "/data", "-u", "user", "--entrypoint", "/bin/echo", subject.Image, "a", "b c");

        Assert.Equal(
            """["/bin/echo"] ["a","b c"] /bin/echo ["a","b c"]""",
            subject.Look(name, "{{json .Config.Entrypoint}} {{json .Config.Cmd}} {{.Path}} {{json .Args}}"));
        Assert.Equal(
            "box user /data HUP 3",
            subject.Look(
                name,
                "{{with .Config}}{{.Hostname}} {{.User}} {{.WorkingDir}} {{.StopSignal}} {{.StopTimeout}}{{end}}"));
        Assert.Equal(
            "true true true", subject.Look(name, "{{.Config.Tty}} {{.Config.OpenStdin}} {{.Config.StdinOnce}}"));
        Assert.Equal(
            """{"x":"y"} 0 null""", subject.Look(name, "{{json .Config.Labels}} {{.RestartCount}} {{json .ExecIDs}}"));
        Assert.Contains("A=1", subject.Look(name, "{{json .Config.Env}}"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_parts_of_the_document_are_dockers()
    {
        using var document = JsonDocument.Parse(subject.Ask("inspect", subject.Sleeper()));

        Assert.Superset(
            (ISet<string>)new HashSet<string>
            {
                "Id", "Created", "Path", "Args", "State", "Image", "ResolvConfPath", "HostnamePath", "HostsPath",
                "LogPath", "Name", "RestartCount",
                "Driver", "Platform", "ExecIDs", "HostConfig", "GraphDriver", "Mounts", "Config", "NetworkSettings",
            },
            document.RootElement[0].EnumerateObject().Select(property => property.Name).ToHashSet());
    }

    [Fact]
    public void Sizes_are_told_when_asked_for()
    {
        string name = subject.Ended("head -c 5000 /dev/zero >/tmp/zeros");

        string[] sizes = subject.Ask("inspect", "-s", "-f", "{{.SizeRw}} {{.SizeRootFs}}", name).Split(' ');

        Assert.Equal("5000", sizes[0]);
        Assert.InRange(long.Parse(sizes[1]), new FileInfo("/usr/bin/busybox").Length + 5000, 100_000_000);
        Assert.Equal(
            "<nil>", subject.Look(name, "{{.SizeRw}}").Replace("<no value>", "<nil>", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_are_told_and_the_missing_named()
    {
        string first = subject.Created("true"), second = subject.Created("true");

        Outcome outcome = subject.Run("inspect", "-f", "{{.Name}}", first, "no-such-container", second);

        subject.AssertRefused(outcome, 1, "No such object: no-such-container");
        Assert.Equal($"/{first}\n/{second}\n", outcome.Text);
    }

    [Theory]
    [InlineData("No such object: no-such-thing", "inspect", "no-such-thing")]
    [InlineData("No such container: no-such-thing", "inspect", "--type", "container", "no-such-thing")]
    [InlineData("No such container: no-such-thing", "container", "inspect", "no-such-thing")]
    public void What_is_missing_is_an_empty_list(string words, params string[] args)
    {
        Outcome outcome = subject.Run(args);

        subject.AssertRefused(outcome, 1, words);
        Assert.Equal("[]\n", outcome.Text);
    }

    [Fact]
    public void A_type_that_is_none_is_refused() =>
        subject.Refuses(1, "nope", "inspect", "--type", "nope", subject.Created("true"));

    /// <summary>The state as docker writes it, with words instead of times and the process.</summary>
    private static string Json(string status, int code = 0, bool hungry = false)
    {
        bool lives = status is "running" or "paused";
        string[] words =
        [
            $"\"Status\":\"{status}\"", $"\"Running\":{Word(lives)}", $"\"Paused\":{Word(status == "paused")}",
            "\"Restarting\":false", $"\"OOMKilled\":{Word(hungry)}", "\"Dead\":false",
            lives ? "\"Pid\":PID" : "\"Pid\":0", $"\"ExitCode\":{code}", "\"Error\":\"\"",
            $"\"StartedAt\":\"{(status == "created" ? Never : "TIME")}\"",
            $"\"FinishedAt\":\"{(status == "exited" ? "TIME" : Never)}\"",
        ];
        return $"{{{string.Join(',', words)}}}";

        static string Word(bool value) => value ? "true" : "false";
    }

    private void AssertState(string name, string expected)
    {
        string state = subject.Look(name, "{{json .State}}");
        string pid = subject.Look(name, "{{.State.Pid}}");
        string timeless = Times().Replace(state, "\"TIME\"");
        Assert.Equal(
            expected,
            pid == "0" ? timeless : timeless.Replace($"\"Pid\":{pid},", "\"Pid\":PID,", StringComparison.Ordinal));
    }

    private static DateTimeOffset Moment(string time) =>
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("\"20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z\"")]
    private static partial Regex Times();
}
