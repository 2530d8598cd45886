// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;
using Tare.Linux.Terminals;

namespace Tare.Cli.Tests.Output;

public class ProgressTests
{
    [Theory]
    [InlineData(0, 40_000_000, 120, "[>                                                  ]       0B/40MB")]
    [InlineData(12_300_000, 40_000_000, 70, "[======>              ]   12.3MB/40MB")]
    [InlineData(40_000_000, 40_000_000, 10, "[==========>]     40MB/40MB")]
    [InlineData(50, 40, 10, "[==========>]      50B/40B")]
    [InlineData(0, 0, 10, "[==========>]       0B/0B")]
    public void A_bar_is_as_wide_as_there_is_room(long done, long whole, int columns, string bar) =>
        Assert.Equal(bar, Progress.Bar(done, whole, columns));

    [Fact]
    public void Without_a_terminal_each_change_is_a_line_and_bytes_are_none()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new Progress(output, null);

        progress.Print("begin");
        progress.Set("a", "one");
        progress.Move("a", "Downloading", 1, 2);
        progress.Set("a", "two");

        Assert.Equal("begin\na: one\na: two\n", output.ToString());
    }

    [Fact]
    public void On_a_terminal_each_thing_has_one_line_that_is_written_again()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new Progress(output, new TerminalSize(24, 80));

        progress.Set("a", "waits");
        progress.Set("b", "waits");
        progress.Set("a", "done");
        progress.Print("end");
        progress.Set("a", "again");

        Assert.Equal("a: waits\nb: waits\n\e[2A\r\e[2Ka: done\r\e[2Bend\na: again\n", output.ToString());
    }

    [Fact]
    public void A_line_is_not_longer_than_the_terminal_is_wide()
    {
        using var output = new StringWriter { NewLine = "\n" };

        new Progress(output, new TerminalSize(24, 10)).Set("abcdef", "too long for it");

        Assert.Equal("abcdef: t\n", output.ToString());
    }

    [Fact]
    public void More_things_than_lines_do_not_write_over_one_another()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new Progress(output, new TerminalSize(3, 80));

        foreach (string id in (string[])["a", "b", "c"])
        {
            progress.Set(id, "waits");
        }
        progress.Move("a", "Downloading", 1, 2);
        progress.Set("c", "done");
        progress.Set("a", "done");

        Assert.Equal("a: waits\nb: waits\nc: waits\n\e[1A\r\e[2Kc: done\r\e[1Ba: done\n", output.ToString());
    }
}
