// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>top</c>: what ps of the host says of a container's processes.</summary>
[Trait("ring", "kernel")]
public sealed class TopTests(Subject subject) : IClassFixture<Subject>
{
    private const string Two = "sleep 1001 & echo ready; sleep 1002; true";

    [Fact]
    public void All_its_processes_are_told_and_no_others()
    {
        string name = Family();

        string[] lines = subject.Ask("top", name).Split('\n');

        Assert.Equal(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"], Words(lines[0]));
        Assert.Equal(4, lines.Length);
        Assert.Equal(subject.Look(name, "{{.State.Pid}}"), Words(lines[1])[1]);
        Assert.Equal("root", Words(lines[1])[0]);
        Assert.EndsWith(" sh -c " + Two, lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" sleep 1001", lines[2], StringComparison.Ordinal);
        Assert.EndsWith(" sleep 1002", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_are_chosen_and_aligned()
    {
        string name = Family();
        string pid = subject.Look(name, "{{.State.Pid}}");

        string output = subject.Ask("top", name, "-o", "pid,comm");

        string[] lines = output.Split('\n');
        Assert.Equal("PID                 COMMAND", lines[0]);
        Assert.Equal(pid.PadRight(20) + "sh", lines[1]);
        Assert.Equal(4, lines.Length);
    }

    [Theory]
    [InlineData("PID COMMAND", "-eo", "pid,args")]
    [InlineData("PID USER COMMAND", "axo", "pid,user,args")]
    [InlineData("PID USER COMMAND", "o", "pid,user,args")]
    [InlineData("USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND", "aux")]
    [InlineData("UID PID PPID C STIME TTY TIME CMD", "-ef")]
    public void The_options_are_those_of_ps(string columns, params string[] options)
    {
        string name = Family();

        string[] lines = subject.Ask(["top", name, .. options]).Split('\n');

        Assert.Equal(columns, string.Join(' ', Words(lines[0])));
        Assert.Equal(4, lines.Length);
        Assert.EndsWith(" sleep 1002", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_of_exec_are_among_them()
    {
        string name = subject.Sleeper();
        subject.Ask("exec", "-d", name, "sleep", "1003");

        Subject.Await(() => subject.Ask("top", name).EndsWith(" sleep 1003", StringComparison.Ordinal));
    }

    [Fact]
    public void A_paused_container_is_told_too()
    {
        string name = subject.Sleeper();
        subject.Ask("pause", name);

        Assert.EndsWith(" sleep 1000", subject.Ask("top", name), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_process_ids_it_cannot_be() =>
        subject.Refuses(1, "PID", "top", subject.Sleeper(), "-o", "comm");

    [Fact]
    public void An_option_that_ps_has_not_is_refused() =>
        subject.Refuses(1, "ps", "top", subject.Sleeper(), "-o", "nosuch");

    [Fact]
    public void Only_what_runs_has_processes()
    {
        subject.Refuses(1, "is not running", "top", subject.Ended("true"));
        subject.Refuses(1, "is not running", "top", subject.Created("true"));
        subject.Refuses(1, "No such container: no-such-container", "top", "no-such-container");
        subject.Refuses(1, "at least 1 argument", "top");
    }

    private string Family()
    {
        string name = subject.Script(Two);
        subject.AwaitLog(name, "ready");
        Subject.Await(() => subject.Ask("top", name).Count(c => c == '\n') == 3);
        return name;
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
