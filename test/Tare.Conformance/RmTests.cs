// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>rm</c> of containers in each state.</summary>
[Trait("ring", "kernel")]
public sealed class RmTests(Subject subject) : IClassFixture<Subject>
{
    [Fact]
    public void What_runs_is_removed_by_force_only()
    {
        string name = subject.Sleeper();

        subject.Refuses(1, "is running", "rm", name);
        Assert.Equal("running 0", subject.State(name));

        Assert.Equal(name, subject.Ask("rm", "-f", name));
        Assert.False(subject.Exists(name));
    }

    [Fact]
    public void What_is_paused_is_removed_by_force_only()
    {
        string name = subject.Sleeper();
        subject.Ask("pause", name);

        subject.Refuses(1, "is paused", "rm", name);

        Assert.Equal(name, subject.Ask("rm", "-f", name));
        Assert.False(subject.Exists(name));
    }

    [Fact]
    public void Of_several_all_that_can_are_removed_in_their_order()
    {
        string first = subject.Ended("true"), running = subject.Sleeper(), last = subject.Created("true");

        Outcome outcome = subject.Run("rm", first, "no-such-container", running, last);

        subject.AssertRefused(outcome, 1, "No such container: no-such-container");
        Assert.Contains("is running", outcome.Error, StringComparison.Ordinal);
        Assert.Equal($"{first}\n{last}\n", outcome.Text);
        Assert.True(subject.Exists(running));
    }

    [Fact]
    public void By_force_what_is_not_there_is_told_and_no_error()
    {
        string name = subject.Sleeper();

        Outcome outcome = subject.Run("rm", "-f", "no-such-container", name);

        subject.AssertRefused(outcome, 0, "No such container: no-such-container");
        Assert.Equal($"{name}\n", outcome.Text);
    }

    [Fact]
    public void What_was_given_is_printed()
    {
        string name = subject.Ended("true");
        string id = subject.Look(name, "{{.Id}}");

        Assert.Equal(id[..12], subject.Ask("rm", id[..12]));
    }

    [Fact]
    public void A_foreground_run_ends_when_its_container_is_removed()
    {
        string name = subject.Name("watched");
        using Conversation run =
            subject.Start("run", "--name", name, subject.Image, "sh", "-c", "echo ready; sleep 1000");
        run.Expect("ready");

        subject.Ask("rm", "-f", name);

        Assert.Equal(137, run.End().ExitCode);
    }

    [Fact]
    public void A_removed_name_is_free()
    {
        string name = subject.Sleeper();

        subject.Ask("rm", "-f", name);
        subject.Ask("run", "-d", "--name", name, subject.Image, "sleep", "1000");

        Assert.Equal("running 0", subject.State(name));
    }
}
