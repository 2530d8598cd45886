// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary><c>stop</c> and <c>kill</c>.</summary>
[Trait("ring", "kernel")]
public sealed class StopKillTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void Stop_sends_TERM_and_waits_for_the_end()
    {
        string name = subject.Handler();

        Assert.Equal(name, subject.Ask("stop", name));

        Assert.Equal("exited 7", subject.State(name));
        Assert.Equal("ready\nTERM\n", subject.Run("logs", name).Text);
        Assert.Equal("0", subject.Look(name, "{{.State.Pid}}"));
    }

    [Fact]
    public void Stopping_what_does_not_run_is_no_error()
    {
        string ended = subject.Ended("exit 3"), created = subject.Created("true");

        Assert.Equal($"{ended}\n{created}\n{ended}", subject.Ask("stop", ended, created, ended));

        Assert.Equal("exited 3", subject.State(ended));
        Assert.Equal("created 0", subject.State(created));
    }

    [Fact]
    public void Of_several_all_that_can_are_stopped()
    {
        string first = subject.Handler(), second = subject.Handler();

        Outcome outcome = subject.Run("stop", first, "no-such-container", second);

        subject.AssertRefused(outcome, 1, "No such container: no-such-container");
        Assert.Equal($"{first}\n{second}\n", outcome.Text);
        Assert.Equal("exited 7", subject.State(second));
    }

    [Theory]
    [InlineData(0, "-t", "0")]
    [InlineData(0, "--timeout", "0")]
    [InlineData(0, "-s", "KILL")]
    [InlineData(0, "-s", "9")]
    [InlineData(1, "-t", "1")]
    [InlineData(1, "-s", "HUP", "-t", "1")]
    public void What_ignores_the_signal_is_killed_after_the_time(int seconds, params string[] flags)
    {
        string name = subject.Sleeper();
        var watch = Stopwatch.StartNew();

        Assert.Equal(name, subject.Ask(["stop", .. flags, name]));

        Assert.InRange(watch.Elapsed.TotalSeconds, seconds, seconds + 5);
        Assert.Equal("exited 137", subject.State(name));
    }

    [Fact]
    public void The_containers_own_time_and_signal_are_used()
    {
        string slow = subject.Sleeper("--stop-timeout", "1");
        string polite =
            subject.Script(
                "trap 'exit 4' HUP; echo ready; while :; do sleep 1000 & wait $!; done", "--stop-signal", "HUP");
        subject.AwaitLog(polite, "ready");
        var watch = Stopwatch.StartNew();

        subject.Ask("stop", slow);
        Assert.InRange(watch.Elapsed.TotalSeconds, 1, 6);
        subject.Ask("stop", polite);

        Assert.Equal("exited 137", subject.State(slow));
        Assert.Equal("exited 4", subject.State(polite));
        Assert.Equal(
            "1 HUP",
            $"{subject.Look(slow, "{{.Config.StopTimeout}}")} {subject.Look(polite, "{{.Config.StopSignal}}")}");
    }

    [Fact]
    public void The_flags_win_over_the_containers_own()
    {
        string name = subject.Handler("--stop-signal", "KILL", "--stop-timeout", "1");

        subject.Ask("stop", "-s", "TERM", "-t", "20", name);

        Assert.Equal("exited 7", subject.State(name));
    }

    [Fact]
    public void A_negative_time_waits_for_ever()
    {
        string name = subject.Sleeper();
        using Conversation stop = subject.Start("stop", "-t", "-1", name);

        Thread.Sleep(1500);
        Assert.Equal("running 0", subject.State(name));
        subject.Ask("kill", name);

        Assert.Equal((0, $"{name}\n"), Told(stop.End()));
    }

    [Fact]
    public void A_stopped_container_with_rm_is_gone()
    {
        string name = subject.Sleeper("--rm");

        Assert.Equal(name, subject.Ask("stop", "-t", "0", name));

        Subject.Await(() => !subject.Exists(name));
    }

    [Fact]
    public void All_its_processes_end_with_it()
    {
        string name =
            subject.Script(
                "(trap '' TERM; sleep 1111) & trap 'exit 0' TERM; echo ready; while :; do sleep 1000 & wait $!; done");
        subject.AwaitLog(name, "ready");
        string pid = subject.Look(name, "{{.State.Pid}}");

        subject.Ask("stop", name);

        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.Equal("exited 0", subject.State(name));
    }

    [Theory]
    [InlineData(1, "invalid signal: NOPE", "-s", "NOPE", "NAME")]
    [InlineData(125, "--timeout", "-t", "x", "NAME")]
    [InlineData(125, "unknown flag: --nosuch", "--nosuch", "NAME")]
    [InlineData(1, "at least 1 argument")]
    public void A_wrong_stop_is_refused_and_stops_nothing(int code, string words, params string[] args)
    {
        string name = subject.Sleeper();

        subject.Refuses(code, words, ["stop", .. args.Select(word => word == "NAME" ? name : word)]);

        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void Kill_ends_it_at_once()
    {
        string name = subject.Handler();

        Assert.Equal(name, subject.Ask("kill", name));

        subject.AwaitState(name, "exited 137");
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("SIGHUP")]
    [InlineData("sighup")]
    [InlineData("1")]
    public void A_signal_has_many_names(string signal)
    {
        string name = subject.Handler();

        Assert.Equal(name, subject.Ask("kill", "-s", signal, name));

        subject.AwaitLog(name, "HUP");
        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void Process_1_without_a_handler_ignores_what_can_be_ignored()
    {
        string name = subject.Sleeper();

        subject.Ask("kill", "-s", "TERM", name);
        subject.Ask("kill", "-s", "RTMIN+3", name);
        Thread.Sleep(200);

        Assert.Equal("running 0", subject.State(name));
    }

    [Theory]
    [InlineData("NOPE", "invalid signal: NOPE")]
    [InlineData("0", "invalid signal: 0")]
    [InlineData("99", "signal")]
    public void A_signal_that_is_none_is_refused(string signal, string words)
    {
        string name = subject.Sleeper();

        subject.Refuses(1, words, "kill", "-s", signal, name);

        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void Only_what_runs_is_killed()
    {
        subject.Refuses(1, "is not running", "kill", subject.Ended("true"));
        subject.Refuses(1, "is not running", "kill", subject.Created("true"));
        subject.Refuses(1, "No such container: no-such-container", "kill", "no-such-container");
        string first = subject.Sleeper(), second = subject.Sleeper();

        Outcome outcome = subject.Run("kill", first, "no-such-container", second);

        subject.AssertRefused(outcome, 1, "No such container: no-such-container");
        Assert.Equal($"{first}\n{second}\n", outcome.Text);
        subject.AwaitState(second, "exited 137");
    }

    private static (int Code, string Text) Told(Outcome outcome) => (outcome.ExitCode, outcome.Text);
}
