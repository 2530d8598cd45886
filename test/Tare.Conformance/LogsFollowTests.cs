// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>logs -f</c>.</summary>
[Trait("ring", "kernel")]
public sealed class LogsFollowTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void What_comes_is_shown_at_once()
    {
        string name = subject.Handler();
        using Conversation follow = subject.Start("logs", "-f", name);
        follow.Expect("ready\n");

        subject.Ask("kill", "-s", "HUP", name);

        follow.Expect("HUP\n");
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("restart")]
    public void It_ends_when_the_container_stops(string verb)
    {
        string name = subject.Handler();
        using Conversation follow = subject.Start("logs", "-f", name);
        follow.Expect("ready\n");

        subject.Ask(verb, name);

        Outcome outcome = follow.End();
        Assert.Equal((0, "ready\nTERM\n"), (outcome.ExitCode, outcome.Text));
    }

    [Theory]
    [InlineData("kill")]
    [InlineData("rm", "-f")]
    public void It_ends_when_the_container_is_killed_or_removed(params string[] verb)
    {
        string name = subject.Handler();
        using Conversation follow = subject.Start("logs", "-f", name);
        follow.Expect("ready\n");

        subject.Ask([.. verb, name]);

        Outcome outcome = follow.End();
        Assert.Equal((0, "ready\n"), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void It_begins_at_the_tail()
    {
        string name = subject.Script("echo a; echo b; echo ready; read line; echo $line", "-i");
        subject.AwaitLog(name, "ready");
        using Conversation follow = subject.Start("logs", "-f", "--tail", "1", name);
        using Conversation onlyNew = subject.Start("logs", "-f", "--tail", "0", name);
        follow.Expect("ready\n");
        Thread.Sleep(300);
        using Conversation attach = subject.Start("attach", name);

        attach.Type("new\n");

        Assert.Equal("ready\nnew\n", follow.End().Text);
        Assert.Equal("new\n", onlyNew.End().Text);
    }

    [Fact]
    public void What_has_ended_is_shown_to_its_end()
    {
        string name = subject.Ended("seq 50000");

        Outcome outcome = subject.Run("logs", "-f", name);

        Assert.Equal(50000, outcome.Text.Count(c => c == '\n'));
        Assert.EndsWith("\n50000\n", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_lost_or_doubled_between_old_and_new()
    {
        string name =
            subject.Script("i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo $i; done; sleep 0.2; seq 3001 3100");

        Outcome outcome = subject.Run("logs", "-f", name);

        Assert.Equal(string.Concat(Enumerable.Range(1, 3100).Select(i => $"{i}\n")), outcome.Text);
    }

    [Fact]
    public void Nothing_is_lost_when_the_log_is_rotated()
    {
        string name = subject.Script(
            "read line; i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo line $i; sleep 0.003; done", "-i", "--log-opt",
            "max-size=5k", "--log-opt", "max-file=3");
        using Conversation follow = subject.Start("logs", "-f", name);
        Thread.Sleep(300);
        using Conversation attach = subject.Start("attach", name);
        attach.Type("go\n");

        Assert.Equal(string.Concat(Enumerable.Range(1, 300).Select(i => $"line {i}\n")), follow.End().Text);
    }

    [Fact]
    public void It_ends_at_the_moment_asked_for()
    {
        string name = subject.Script("while :; do echo x; sleep 0.1; done");
        subject.AwaitLog(name, "x");

        using Conversation follow =
            subject.Start("logs", "-f", "--until", $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}", name);

        Assert.Equal(0, follow.End().ExitCode);
        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void A_container_that_was_never_started_is_not_waited_for()
    {
        Outcome outcome = subject.Run("logs", "-f", subject.Created("true"));

        Assert.Equal((0, "", ""), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Fact]
    public void Errors_are_followed_on_their_own_stream()
    {
        string name = subject.Script("echo out; sleep 0.1; echo err >&2; sleep 0.1; echo more");

        Outcome outcome = subject.Run("logs", "-f", name);

        Assert.Equal(("out\nmore\n", "err\n"), (outcome.Text, outcome.Error));
    }
}
