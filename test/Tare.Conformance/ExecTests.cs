// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>exec</c>: codes, streams, refusals.</summary>
[Trait("ring", "kernel")]
public sealed class ExecTests(Subject subject) : IClassFixture<Subject>
{
    [Theory]
    [InlineData(0, "true")]
    [InlineData(5, "exit 5")]
    [InlineData(255, "exit 255")]
    [InlineData(137, "kill -9 $$")]
    [InlineData(143, "kill -TERM $$")]
    public void The_exit_code_is_the_commands(int code, string script) =>
        Assert.Equal(code, subject.Run("exec", subject.Sleeper(), "sh", "-c", script).ExitCode);

    [Fact]
    public void Output_and_error_stay_apart()
    {
        Outcome outcome = subject.Run("exec", subject.Sleeper(), "sh", "-c", "echo out; echo err >&2");

        Assert.Equal((0, "out\n", "err\n"), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Fact]
    public void Input_is_given_only_when_asked_for()
    {
        string name = subject.Sleeper();

        Assert.Equal("in", subject.Program.Run(["exec", "-i", name, "cat"], "in"u8.ToArray()).Text);
        Assert.Equal("", subject.Program.Run(["exec", name, "cat"], "in"u8.ToArray()).Text);
        Assert.Equal("abc", subject.Program.Run(["exec", "-i", name, "head", "-c", "3"], "abcdef"u8.ToArray()).Text);
    }

    [Fact]
    public void Megabytes_pass_unchanged_in_both_directions()
    {
        byte[] bytes = new byte[4 << 20];
        new Random(2).NextBytes(bytes);

        Outcome outcome = subject.Program.Run(["exec", "-i", subject.Sleeper(), "cat"], bytes);

        Assert.Equal(0, outcome.ExitCode);
        Assert.True(bytes.AsSpan().SequenceEqual(outcome.Output));
    }

    [Theory]
    [InlineData(127, "executable file not found", "no-such-command")]
    [InlineData(127, "no such file", "/no/such")]
    [InlineData(126, "/etc", "/etc")]
    [InlineData(126, "permission denied", "/bin/unrunnable")]
    [InlineData(127, "executable file not found", "")]
    [InlineData(127, "--", "--", "true")]
    public void What_cannot_be_executed_has_dockers_code(int code, string words, params string[] command)
    {
        Outcome outcome = subject.Run(["exec", subject.Sleeper(), .. command]);

        // docker writes this message to standard output
        Assert.Equal(code, outcome.ExitCode);
        Assert.Contains(words, outcome.Text + outcome.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Detached_it_runs_on_and_prints_nothing()
    {
        string name = subject.Sleeper();

        Assert.Equal("", subject.Ask("exec", "-d", name, "sh", "-c", "echo x >/tmp/x; sleep 1000"));

        Subject.Await(() => subject.Run("exec", name, "cat", "/tmp/x").Text == "x\n");
        Assert.Matches("^\\[\"[0-9a-f]{64}\"\\]$", subject.Look(name, "{{json .ExecIDs}}"));
    }

    [Theory]
    [InlineData("no-such-command", "executable file not found")]
    [InlineData("/etc", "/etc")]
    public void Detached_it_is_told_when_it_cannot_start(string command, string words) =>
        subject.Refuses(1, words, "exec", "-d", subject.Sleeper(), command);

    [Fact]
    public void Only_a_running_container_can_be_entered()
    {
        subject.Refuses(1, "is not running", "exec", subject.Created("true"), "true");
        subject.Refuses(1, "is not running", "exec", subject.Ended("true"), "true");
        subject.Refuses(1, "No such container: no-such-container", "exec", "no-such-container", "true");
    }

    [Theory]
    [InlineData(1, "at least 2 arguments")]
    [InlineData(1, "at least 2 arguments", "NAME")]
    [InlineData(125, "unknown flag: --nosuch", "--nosuch", "NAME", "true")]
    [InlineData(1, "not a TTY", "-it", "NAME", "true")]
    [InlineData(1, "no such file", "--env-file", "/no/such", "NAME", "env")]
    [InlineData(125, "environment variable", "-e", "=x", "NAME", "true")]
    [InlineData(1, "unable to find user nosuch", "-u", "nosuch", "NAME", "true")]
    [InlineData(1, "unable to find group nosuch", "-u", "user:nosuch", "NAME", "true")]
    [InlineData(1, "2147483647", "-u", "4294967296", "NAME", "true")]
    public void What_cannot_be_is_refused(int code, string words, params string[] args)
    {
        string name = subject.Sleeper();

        subject.Refuses(code, words, ["exec", .. args.Select(word => word == "NAME" ? name : word)]);
    }

    [Fact]
    public void It_ends_with_its_container()
    {
        string name = subject.Sleeper();
        using Conversation exec = subject.Start("exec", name, "sh", "-c", "echo ready; sleep 1000");
        exec.Expect("ready");

        subject.Ask("kill", name);

        Assert.Equal(137, exec.End().ExitCode);
    }

    [Fact]
    public void What_it_left_in_the_background_keeps_nobody_waiting()
    {
        Outcome outcome = subject.Run("exec", subject.Sleeper(), "sh", "-c", "sleep 1000 & echo done");

        Assert.Equal((0, "done\n"), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void Its_code_is_known_when_it_closed_its_streams_before()
    {
        Outcome outcome =
            subject.Run("exec", subject.Sleeper(), "sh", "-c", "echo a; exec >&- 2>&-; sleep 0.3; exit 4");

        Assert.Equal((4, "a\n"), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void It_survives_its_killed_command()
    {
        string name = subject.Sleeper();
        using Conversation exec =
            subject.Start("exec", "-i", name, "sh", "-c", "echo ready; cat; echo end >/tmp/end; sleep 1004");
        exec.Expect("ready");

        exec.Signal("KILL");
        exec.End();

        Subject.Await(() => subject.Run("exec", name, "cat", "/tmp/end").Text == "end\n");
        Assert.Contains("sleep 1004", subject.Ask("exec", name, "ps"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_to_the_command_is_not_passed_on()
    {
        string name = subject.Sleeper();
        using Conversation exec =
            subject.Start(
                "exec", name, "sh", "-c", "trap 'echo TERM >/tmp/term' TERM; echo ready; while :; do sleep 0.1; done");
        exec.Expect("ready");

        exec.Signal("TERM");
        Thread.Sleep(300);

        Assert.Equal(1, subject.Run("exec", name, "cat", "/tmp/term").ExitCode);
        Assert.Contains("trap", subject.Ask("exec", name, "ps"), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_at_once_keep_their_own_streams_and_codes()
    {
        string name = subject.Sleeper();
        Conversation[] execs =
        [
            .. Enumerable.Range(0, 8).Select(i => subject.Start(
                "exec", name, "sh", "-c", $"seq {i} 20000 | tail -n 1; echo {i}; exit {i}")),
        ];

        for (int i = 0; i < execs.Length; i++)
        {
            using Conversation exec = execs[i];
            Outcome outcome = exec.End();
            Assert.Equal((i, $"20000\n{i}\n"), (outcome.ExitCode, outcome.Text));
        }

        Subject.Await(() => subject.Look(name, "{{json .ExecIDs}}") == "null");
    }
}
