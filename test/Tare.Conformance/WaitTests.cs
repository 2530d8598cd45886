// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>wait</c>.</summary>
[Trait("ring", "kernel")]
public sealed class WaitTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void It_waits_for_the_end_and_prints_the_code()
    {
        string name = subject.Handler();
        using Conversation wait = subject.Start("wait", name);

        Thread.Sleep(300);
        Assert.Equal("", wait.Said);
        subject.Ask("kill", "-s", "TERM", name);

        Assert.Equal((0, "7\n"), Told(wait.End()));
    }

    [Fact]
    public void What_has_ended_is_known_at_once()
    {
        string name = subject.Ended("exit 5");

        Assert.Equal("5", subject.Ask("wait", name));
        Assert.Equal("5", subject.Ask("wait", name));
    }

    [Fact]
    public void Of_several_each_has_its_line()
    {
        string first = subject.Ended("exit 5"), second = subject.Ended("exit 6");

        Outcome outcome = subject.Run("wait", first, "no-such-container", second);

        subject.AssertRefused(outcome, 1, "No such container: no-such-container");
        Assert.Equal("5\n6\n", outcome.Text);
    }

    [Fact]
    public void What_was_never_started_does_not_run()
    {
        string failed = subject.Created("no-such-command");
        subject.Run("start", failed);

        Assert.Equal("0", subject.Ask("wait", subject.Created("true")));
        Assert.Equal("127", subject.Ask("wait", failed));
    }

    [Fact]
    public void The_code_of_a_container_with_rm_is_not_lost()
    {
        for (int i = 0; i < 5; i++)
        {
            string name = subject.Handler("--rm");
            using Conversation wait = subject.Start("wait", name);
            Thread.Sleep(200);

            subject.Ask("kill", "-s", "TERM", name);

            Assert.Equal((0, "7\n"), Told(wait.End()));
        }
    }

    [Fact]
    public void A_forced_removal_ends_it()
    {
        string name = subject.Sleeper();
        using Conversation wait = subject.Start("wait", name);
        Thread.Sleep(300);

        subject.Ask("rm", "-f", name);

        Assert.Equal((0, "137\n"), Told(wait.End()));
    }

    [Fact]
    public void A_pause_is_no_end()
    {
        string name = subject.Sleeper();
        subject.Ask("pause", name);
        using Conversation wait = subject.Start("wait", name);

        Thread.Sleep(300);
        Assert.Equal("", wait.Said);
        subject.Ask("kill", name);

        Assert.Equal((0, "137\n"), Told(wait.End()));
    }

    [Fact]
    public void Many_may_wait()
    {
        string name = subject.Handler();
        Conversation[] waits = [.. Enumerable.Range(0, 5).Select(_ => subject.Start("wait", name))];
        Thread.Sleep(300);

        subject.Ask("stop", name);

        Assert.All(waits, wait =>
        {
            using (wait)
            {
                Assert.Equal((0, "7\n"), Told(wait.End()));
            }
        });
    }

    [Theory]
    [InlineData(1, "at least 1 argument")]
    [InlineData(125, "unknown flag: --condition", "--condition", "removed", "x")]
    [InlineData(1, "No such container: no-such-container", "no-such-container")]
    public void A_wrong_command_line_is_refused(int code, string words, params string[] args) =>
        subject.Refuses(code, words, ["wait", .. args]);

    private static (int Code, string Text) Told(Outcome outcome) => (outcome.ExitCode, outcome.Text);
}
