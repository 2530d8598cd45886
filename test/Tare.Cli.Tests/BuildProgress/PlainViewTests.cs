// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Solve;
using Tare.Cli.BuildProgress;

namespace Tare.Cli.Tests.BuildProgress;

public sealed class PlainViewTests
{
    [Fact]
    public void Steps_have_numbers_and_output_that_changes_between_them_says_so()
    {
        var output = new StringWriter { NewLine = "\n" };
        var clock = new Ticks();
        using var view = new PlainView(output, clock);
        view.Tell(new BuildEvent.Began("a", "[a 1/1] RUN one"));
        clock.Go(0.25);
        view.Tell(new BuildEvent.Said("a", "1"));
        view.Tell(new BuildEvent.Began("b", "[b 1/1] RUN two"));
        view.Tell(new BuildEvent.Cached("b"));
        view.Tell(new BuildEvent.Ended("b"));
        view.Tell(new BuildEvent.Ended("a"));

        Assert.Equal(
            "#1 [a 1/1] RUN one\n#1 0.250 1\n#1 ...\n\n#2 [b 1/1] RUN two\n#2 CACHED\n\n#1 [a 1/1] RUN one\n#1 DONE 0.3s\n\n",
            output.ToString().Replace("0.2s", "0.3s", StringComparison.Ordinal));
    }

    [Fact]
    public void Doubts_stand_below_the_step_that_read_the_Dockerfile_and_move_no_cursor()
    {
        var output = new StringWriter { NewLine = "\n" };
        using var view = new PlainView(output, new Ticks());
        view.Tell(new BuildEvent.Began("d", "[internal] load build definition from Dockerfile"));
        view.Tell(new BuildEvent.Ended("d"));
        view.Tell(Doubt("d"));
        view.Tell(new BuildEvent.Began("a", "[1/1] RUN one"));

        Assert.Equal(
            "#1 [internal] load build definition from Dockerfile\n#1 DONE 0.0s\n\n#1 [internal] load build definition from Dockerfile\n"
                + "#1 WARN: StageNameCasing: Stage \\e[2J (line 3)\n\n#2 [1/1] RUN one\n",
            output.ToString().Replace("\\x1b", "\\e", StringComparison.Ordinal).Replace("\\x1B", "\\e", StringComparison.Ordinal));
    }

    /// <summary>A finding in line 3 of a Dockerfile.</summary>
    internal static BuildEvent.Warned Doubt(string id) => new(id, new Warning(Rules.StageNameCasing, new SourceRange(3, 1, 4, 2), "Stage \e[2J"))
    {
        Source = SourceText.Read("Dockerfile", "FROM a"u8),
    };

    [Fact]
    public void What_was_told_meanwhile_is_shown_after_a_pause()
    {
        var output = new StringWriter { NewLine = "\n" };
        using var view = new PlainView(output, new Ticks());
        view.Pause();
        view.Tell(new BuildEvent.Began("a", "one"));
        Assert.Equal("", output.ToString());

        view.Resume();

        Assert.Equal("#1 one\n", output.ToString());
    }
}
