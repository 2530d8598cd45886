// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>pause</c>, <c>unpause</c>, and what other verbs say of a paused container.</summary>
[Trait("ring", "kernel")]
public sealed class PauseTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void Nothing_moves_until_it_is_unpaused()
    {
        string name = subject.Script("i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done");
        subject.AwaitLog(name, "3\n");

        Assert.Equal(name, subject.Ask("pause", name));
        string said = subject.Run("logs", name).Text;
        Thread.Sleep(300);
        Assert.Equal(said, subject.Run("logs", name).Text);
        Assert.Equal("paused true true", subject.Look(name, "{{.State.Status}} {{.State.Running}} {{.State.Paused}}"));
        Assert.Matches(
            @"^Up .* \(Paused\) paused$",
            subject.Ask("ps", "-f", $"name={name}", "--format", "{{.Status}} {{.State}}"));

        Assert.Equal(name, subject.Ask("unpause", name));
        Subject.Await(() => subject.Run("logs", name).Text.Length > said.Length + 4);
        Assert.Equal(
            "running true false", subject.Look(name, "{{.State.Status}} {{.State.Running}} {{.State.Paused}}"));
    }

    [Fact]
    public void Twice_is_an_error()
    {
        string name = subject.Sleeper();

        subject.Refuses(1, "is not paused", "unpause", name);
        subject.Ask("pause", name);
        subject.Refuses(1, "is already paused", "pause", name);
    }

    [Fact]
    public void Only_what_runs_is_paused()
    {
        subject.Refuses(1, "is not running", "pause", subject.Ended("true"));
        subject.Refuses(1, "is not running", "pause", subject.Created("true"));
        subject.Refuses(1, "is not paused", "unpause", subject.Ended("true"));
        subject.Refuses(1, "No such container: no-such-container", "unpause", "no-such-container");
        string first = subject.Sleeper(), second = subject.Sleeper();

        Outcome outcome = subject.Run("pause", first, "no-such-container", second);

        subject.AssertRefused(outcome, 1, "No such container: no-such-container");
        Assert.Equal($"{first}\n{second}\n", outcome.Text);
        Assert.Equal("paused 0", subject.State(second));
    }

    [Fact]
    public void Start_exec_and_attach_want_it_unpaused()
    {
        string name = subject.Sleeper();
        subject.Ask("pause", name);

        subject.Refuses(1, "paused", "start", name);
        subject.Refuses(1, "is paused", "exec", name, "true");
        subject.Refuses(1, "is paused", "exec", "-d", name, "true");
        subject.Refuses(1, "paused container", "attach", name);

        Assert.Equal("paused 0", subject.State(name));
    }

    [Fact]
    public void It_can_be_killed()
    {
        string name = subject.Sleeper();
        subject.Ask("pause", name);

        Assert.Equal(name, subject.Ask("kill", name));

        subject.AwaitState(name, "exited 137");
    }

    [Fact]
    public void It_can_be_stopped_and_handles_the_signal()
    {
        string name = subject.Handler();
        subject.Ask("pause", name);

        Assert.Equal(name, subject.Ask("stop", name));

        Assert.Equal("exited 7", subject.State(name));
        Assert.Equal("false", subject.Look(name, "{{.State.Paused}}"));
    }

    [Fact]
    public void A_signal_unpauses_it()
    {
        string name = subject.Handler();
        subject.Ask("pause", name);

        Assert.Equal(name, subject.Ask("kill", "-s", "HUP", name));

        subject.AwaitLog(name, "HUP");
        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void Its_output_goes_on_to_who_watches()
    {
        string name = subject.Name("watched");
        using Conversation run =
            subject.Start("run", "--name", name, subject.Image, "sh", "-c", "echo ready; sleep 1; echo done");
        run.Expect("ready");

        subject.Ask("pause", name);
        subject.Ask("unpause", name);

        Outcome outcome = run.End();
        Assert.Equal((0, "ready\ndone\n"), (outcome.ExitCode, outcome.Text));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("unpause")]
    public void A_wrong_command_line_is_refused(string verb)
    {
        subject.Refuses(1, "at least 1 argument", verb);
        subject.Refuses(125, "unknown flag: --nosuch", verb, "--nosuch", "x");
    }
}
