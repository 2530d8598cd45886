// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>attach</c> without a terminal.</summary>
[Trait("ring", "kernel")]
public sealed class AttachTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void It_shows_what_comes_and_ends_with_the_containers_code()
    {
        string name = subject.Script("echo early; read line; echo $line; echo err >&2; exit 7", "-i");
        subject.AwaitLog(name, "early");
        using Conversation attach = subject.Start("attach", name);

        attach.Type("late\n");

        Outcome outcome = attach.End();
        Assert.Equal((7, "late\n", "err\n"), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Fact]
    public void All_who_are_attached_see_the_same()
    {
        string name = subject.Handler();
        using Conversation first = subject.Start("attach", "--no-stdin", name);
        using Conversation second = subject.Start("attach", "--no-stdin", name);
        SayHup(name, first);
        SayHup(name, second);

        subject.Ask("stop", name);

        Outcome one = first.End(), other = second.End();
        Assert.Equal((7, 7), (one.ExitCode, other.ExitCode));
        Assert.EndsWith("HUP\nTERM\n", one.Text, StringComparison.Ordinal);
        Assert.EndsWith("HUP\nTERM\n", other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_runs_can_be_attached_to()
    {
        subject.Refuses(1, "stopped container", "attach", subject.Created("true"));
        subject.Refuses(1, "stopped container", "attach", subject.Ended("true"));
        subject.Refuses(1, "No such container: no-such-container", "attach", "no-such-container");
    }

    [Theory]
    [InlineData(1, "1 argument")]
    [InlineData(1, "1 argument", "x", "y")]
    [InlineData(125, "unknown flag: --nosuch", "--nosuch", "x")]
    public void A_wrong_command_line_is_refused(int code, string words, params string[] args) =>
        subject.Refuses(code, words, ["attach", .. args]);

    [Fact]
    public void A_signal_goes_to_the_container()
    {
        string name = subject.Handler();
        using Conversation attach = subject.Start("attach", name);
        SayHup(name, attach);

        attach.Signal("TERM");

        Assert.Equal(7, attach.End().ExitCode);
        Assert.Equal("exited 7", subject.State(name));
    }

    [Fact]
    public void A_signal_stays_outside_when_asked_for()
    {
        string name = subject.Handler();
        using Conversation attach = subject.Start("attach", "--sig-proxy=false", name);
        SayHup(name, attach);

        attach.Signal("TERM");
        Thread.Sleep(300);

        Assert.Equal("running 0", subject.State(name));
        Assert.DoesNotContain("TERM", subject.Run("logs", name).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_killed_attach_changes_nothing()
    {
        string name = subject.Script("cat; echo over", "-i");
        using Conversation attach = subject.Start("attach", name);
        attach.Type("one\n");
        attach.Expect("one\n");

        attach.Signal("KILL");
        attach.End();

        Thread.Sleep(200);
        Assert.Equal("running 0", subject.State(name));
        using Conversation again = subject.Start("attach", name);
        again.Type("two\n");
        again.Expect("two\n");
        Assert.Equal("one\ntwo\n", subject.Run("logs", name).Text);
    }

    [Fact]
    public void Its_input_ending_is_not_the_containers_end_of_input()
    {
        string name = subject.Script("cat; echo over", "-i");
        using Conversation attach = subject.Start("attach", name);
        attach.Type("last\n");
        attach.Expect("last\n");

        attach.Close();

        Thread.Sleep(200);
        Assert.Equal("running 0", subject.State(name));
        subject.Ask("kill", name);
        Assert.Equal(137, attach.End().ExitCode);
    }

    [Fact]
    public void Input_can_be_kept_out()
    {
        string name = subject.Script("cat", "-i");
        using Conversation attach = subject.Start("attach", "--no-stdin", name);
        attach.Type("unheard\n");
        Thread.Sleep(300);

        Assert.Equal("", subject.Run("logs", name).Text);
        subject.Ask("kill", name);

        Assert.Equal((137, ""), (attach.End().ExitCode, attach.Said));
    }

    [Theory]
    [InlineData("restart", 7)]
    [InlineData("stop", 7)]
    [InlineData("kill", 137)]
    [InlineData("rm", 137, "-f")]
    public void It_ends_when_the_container_does(string verb, int code, params string[] flags)
    {
        string name = subject.Handler();
        using Conversation attach = subject.Start("attach", "--no-stdin", name);
        SayHup(name, attach);

        subject.Ask([verb, .. flags, name]);

        Assert.Equal(code, attach.End().ExitCode);
    }

    [Fact]
    public void A_slow_reader_loses_nothing_and_stops_nobody_else()
    {
        string name = subject.Script("read line; seq 200000; echo done", "-i");
        using Conversation slow = subject.Program.Start(
            "bash", "-c", $"'{subject.Program.Program}' attach --no-stdin {name} | (sleep 1; tail -n 1)");
        using Conversation attach = subject.Start("attach", name);
        Thread.Sleep(300);

        attach.Type("go\n");

        Assert.Equal(0, attach.End().ExitCode);
        Assert.Equal("done\n", slow.End().Text);
        Assert.EndsWith("200000\ndone\n", attach.Said, StringComparison.Ordinal);
    }

    /// <summary>What is attached is known by what it shows.</summary>
    private void SayHup(string name, Conversation attached) => Subject.Await(() =>
    {
        subject.Ask("kill", "-s", "HUP", name);
        Thread.Sleep(50);
        return attached.Said.Contains("HUP", StringComparison.Ordinal);
    });
}
