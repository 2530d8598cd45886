// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;
using Tare.Cli.BuildProgress;

namespace Tare.Cli.Tests.BuildProgress;

public sealed class TtyViewTests
{
    private readonly Ticks _clock = new();

    [Fact]
    public void It_looks_as_docker_buildx_does()
    {
        var screen = new Screen(24, 60);
        using var view = new TtyView(screen, () => screen.Size, _clock);
        view.Tell(new BuildEvent.Began("a", "[1/3] FROM busybox"));
        view.Tell(new BuildEvent.Cached("a"));
        view.Tell(new BuildEvent.Ended("a"));
        view.Tell(new BuildEvent.Began("b", "[2/3] RUN make"));
        view.Tell(new BuildEvent.Said("b", "compiling"));
        _clock.Go(1.2);
        view.Paint();

        Assert.Equal(
            [
                "[+] Building 1.2s (1/2)",
                " => CACHED [1/3] FROM busybox                          0.0s",
                " => [2/3] RUN make                                     1.2s",
                " => => # compiling",
            ],
            screen.Seen);

        view.Tell(new BuildEvent.Ended("b"));
        view.Finish();

        Assert.Equal(
            [
                "[+] Building 1.2s (2/2) FINISHED",
                " => CACHED [1/3] FROM busybox                          0.0s",
                " => [2/3] RUN make                                     1.2s",
            ],
            screen.All);
    }

    [Fact]
    public void What_failed_and_what_was_cancelled_is_marked_and_the_output_stays()
    {
        var screen = new Screen(24, 60);
        using var view = new TtyView(screen, () => screen.Size, _clock);
        view.Tell(new BuildEvent.Began("a", "[1/2] RUN false"));
        view.Tell(new BuildEvent.Began("b", "[2/2] RUN sleep"));
        view.Tell(new BuildEvent.Said("a", "why"));
        view.Tell(new BuildEvent.Failed("a", "exit code: 1", IsCancelled: false));
        view.Finish();

        Assert.Equal("[+] Building 0.0s (0/2)", screen.All[0]);
        Assert.StartsWith(" => ERROR [1/2] RUN false", screen.All[1], StringComparison.Ordinal);
        Assert.Equal(" => => # why", screen.All[2]);
        Assert.StartsWith(" => CANCELED [2/2] RUN sleep", screen.All[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 80)]
    [InlineData(24, 30)]
    [InlineData(24, 7)]
    [InlineData(5, 40)]
    [InlineData(2, 10)]
    [InlineData(1, 1)]
    public void Nothing_wraps_or_is_left_over_however_small_the_terminal_is(int rows, int columns)
    {
        var screen = new Screen(rows, columns);
        using var view = new TtyView(screen, () => screen.Size, _clock);
        screen.Write("$\n");
        for (int i = 0; i < 12; i++)
        {
            view.Tell(new BuildEvent.Began($"{i}", $"[{i}/12] RUN a command that is longer than most terminals are wide 日本語 e\u0301 and more of it"));
            for (int line = 0; line < i; line++)
            {
                view.Tell(new BuildEvent.Said($"{i}", $"\tline {line} \e[31mof\r output that goes on and on and on and on and on and on"));
            }

            view.Paint();
            if (i % 3 == 0)
            {
                view.Tell(new BuildEvent.Ended($"{i}"));
                view.Paint();
            }
        }

        int heads = screen.All.Count(static line => line.StartsWith("[+]", StringComparison.Ordinal));
        Assert.False(screen.HasWrapped);
        Assert.True(heads <= 1, $"{heads} displays are seen");
        Assert.True(screen.Seen.Count <= rows);
    }

    [Fact]
    public void Wide_characters_take_two_columns()
    {
        Assert.Equal(6, TextWidth.Of("日本語"));
        Assert.Equal(1, TextWidth.Of("e\u0301"));
        Assert.Equal("日本", TextWidth.Cut("日本語", 5));
        Assert.Equal("a🚀", TextWidth.Cut("a🚀b", 3));
    }

    [Fact]
    public void A_terminal_that_became_narrower_gets_a_display_below_and_a_wider_one_keeps_its()
    {
        var screen = new Screen(24, 60);
        using var view = new TtyView(screen, () => screen.Size, _clock);
        view.Tell(new BuildEvent.Began("a", "[1/1] RUN make"));
        view.Paint();
        screen.Resize(24, 30);
        view.Paint();
        view.Paint();

        Assert.Equal(2, screen.All.Count(static line => line.StartsWith("[+]", StringComparison.Ordinal)));
        Assert.False(screen.HasWrapped);

        screen.Resize(24, 70);
        view.Paint();

        Assert.Equal(2, screen.All.Count(static line => line.StartsWith("[+]", StringComparison.Ordinal)));
        Assert.EndsWith(" 0.0s", screen.Seen[^1], StringComparison.Ordinal);
        Assert.Equal(69, screen.Seen[^1].Length);
    }

    [Fact]
    public void A_terminal_that_became_lower_is_not_written_over()
    {
        var screen = new Screen(24, 60);
        using var view = new TtyView(screen, () => screen.Size, _clock);
        for (int i = 0; i < 10; i++)
        {
            view.Tell(new BuildEvent.Began($"{i}", $"step {i}"));
        }

        view.Paint();
        screen.Resize(6, 60);
        view.Paint();
        view.Paint();

        Assert.Equal(5, screen.Seen.Count);
        Assert.StartsWith("[+]", screen.Seen[0], StringComparison.Ordinal);
        Assert.StartsWith(" => step 9", screen.Seen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void While_something_else_has_the_terminal_nothing_is_shown()
    {
        var screen = new Screen(24, 60);
        using var view = new TtyView(screen, () => screen.Size, _clock);
        view.Tell(new BuildEvent.Began("a", "one"));
        view.Pause();
        screen.Write("/ # exit\n");
        view.Tell(new BuildEvent.Began("b", "two"));
        view.Paint();

        Assert.Equal("/ # exit", screen.Seen[^1]);

        view.Resume();
        view.Paint();

        Assert.Contains("/ # exit", screen.All);
        Assert.StartsWith(" => two", screen.Seen[^1], StringComparison.Ordinal);
    }
}
