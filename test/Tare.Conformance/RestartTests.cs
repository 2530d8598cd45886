// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary><c>restart</c>.</summary>
[Trait("ring", "kernel")]
public sealed class RestartTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void It_is_stopped_and_started()
    {
        string name = subject.Handler();
        string pid = subject.Look(name, "{{.State.Pid}}");

        Assert.Equal(name, subject.Ask("restart", name));

        Assert.Equal("running 0", subject.State(name));
        Assert.NotEqual(pid, subject.Look(name, "{{.State.Pid}}"));
        subject.AwaitLog(name, "ready\nTERM\nready\n");
        Assert.Equal("0", subject.Look(name, "{{.RestartCount}}"));
    }

    [Theory]
    [InlineData(0, "-t", "0")]
    [InlineData(0, "-s", "KILL")]
    [InlineData(1, "-s", "HUP", "-t", "1")]
    public void Its_patience_and_signal_can_be_given(int seconds, params string[] flags)
    {
        string name = subject.Handler();
        var watch = Stopwatch.StartNew();

        Assert.Equal(name, subject.Ask(["restart", .. flags, name]));

        Assert.InRange(watch.Elapsed.TotalSeconds, seconds, seconds + 5);
        Assert.Equal("running 0", subject.State(name));
        Assert.True(
            !flags.Contains("-s") || !subject.Run("logs", name).Text.Contains("TERM", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_run_is_started()
    {
        string created = subject.Created("sleep", "1000");
        string ended = subject.Ended("[ -e /tmp/second ] && exec sleep 1000; touch /tmp/second; exit 3");

        Outcome outcome = subject.Run("restart", created, "no-such-container", ended);

        subject.AssertRefused(outcome, 1, "No such container: no-such-container");
        Assert.Equal($"{created}\n{ended}\n", outcome.Text);
        Assert.Equal("running 0", subject.State(created));
        Assert.Equal("running 0", subject.State(ended));
    }

    [Fact]
    public void A_paused_one_runs_afterwards()
    {
        string name = subject.Sleeper();
        subject.Ask("pause", name);

        Assert.Equal(name, subject.Ask("restart", "-t", "0", name));

        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void One_with_rm_is_not_removed_by_it()
    {
        string name = subject.Sleeper("--rm");
        string id = subject.Look(name, "{{.Id}}");

        Assert.Equal(name, subject.Ask("restart", "-t", "0", name));

        Thread.Sleep(300);
        Assert.Equal("running 0", subject.State(name));
        Assert.Equal(id, subject.Look(name, "{{.Id}}"));
        subject.Ask("kill", name);
        Subject.Await(() => !subject.Exists(name));
    }

    [Fact]
    public void A_command_that_is_missing_is_an_error()
    {
        string name = subject.Created("no-such-command");

        subject.Refuses(1, "no-such-command", "restart", name);

        Assert.Equal("created 127", subject.State(name));
    }

    [Fact]
    public void Who_is_attached_sees_the_first_end()
    {
        string name = subject.Name("watched");
        using Conversation run = subject.Start("run", "--name", name, subject.Image, "sh", "-c", Subject.Handling);
        run.Expect("ready");

        subject.Ask("restart", name);

        Outcome outcome = run.End();
        Assert.Equal((7, "ready\nTERM\n"), (outcome.ExitCode, outcome.Text));
        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void Many_times_in_a_row_it_runs()
    {
        string name = subject.Sleeper();

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(name, subject.Ask("restart", "-t", "0", name));
        }

        Assert.Equal("running 0", subject.State(name));
        Assert.Equal("fine", subject.Ask("exec", name, "echo", "fine"));
    }

    [Theory]
    [InlineData(1, "at least 1 argument")]
    [InlineData(125, "unknown flag: --nosuch", "--nosuch", "x")]
    public void A_wrong_command_line_is_refused(int code, string words, params string[] args) =>
        subject.Refuses(code, words, ["restart", .. args]);
}
