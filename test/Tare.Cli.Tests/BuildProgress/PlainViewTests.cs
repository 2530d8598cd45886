// SPDX-License-Identifier: Apache-2.0
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
