// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;

namespace Tare.Cli.Tests.Arguments;

public class ArgumentParserTests
{
    private static readonly Flag<bool> Interactive = Flag.Switch("-i, --interactive", "");
    private static readonly Flag<bool> Tty = Flag.Switch("-t, --tty", "");
    private static readonly Flag<bool> Remove = Flag.Switch("--rm", "");
    private static readonly Flag<string?> Memory = Flag.Text("-m, --memory", "bytes", "");
    private static readonly Flag<string?> Entrypoint = Flag.Text("--entrypoint", "string", "");
    private static readonly Flag<IReadOnlyList<string>> Env = Flag.List("-e, --env", "list", "");
    private static readonly Flag<long?> Shares = Flag.Number("-c, --cpu-shares", "", 0, 100);
    private static readonly Flag[] All = [Interactive, Tty, Remove, Memory, Entrypoint, Env, Shares];

    [Theory]
    [InlineData("-it busybox")]
    [InlineData("-i -t busybox")]
    [InlineData("-ti busybox")]
    [InlineData("--interactive --tty=true busybox")]
    public void Switches_may_be_written_together(string line)
    {
        ParsedArguments parsed = Parse(line);

        Assert.True(parsed.Get(Interactive));
        Assert.True(parsed.Get(Tty));
        Assert.False(parsed.Get(Remove));
        Assert.Equal(["busybox"], parsed.Operands);
    }

    [Theory]
    [InlineData("-m 512m busybox")]
    [InlineData("-m512m busybox")]
    [InlineData("-m=512m busybox")]
    [InlineData("-itm 512m busybox")]
    [InlineData("-itm512m busybox")]
    [InlineData("--memory 512m busybox")]
    [InlineData("--memory=512m busybox")]
    public void A_value_may_stand_in_every_place_that_docker_takes(string line)
    {
        ParsedArguments parsed = Parse(line);

        Assert.Equal("512m", parsed.Get(Memory));
        Assert.Equal(["busybox"], parsed.Operands);
    }

    [Theory]
    [InlineData("busybox ls -it --rm -e x -- -m")]
    [InlineData("busybox -- --rm")]
    [InlineData("busybox sh -ec true")]
    public void The_first_operand_ends_the_flags(string line)
    {
        ParsedArguments parsed = Parse(line);

        Assert.Equal(line.Split(' '), parsed.Operands);
        Assert.False(parsed.Has(Remove) || parsed.Has(Interactive) || parsed.Has(Env) || parsed.Has(Memory));
    }

    [Fact]
    public void A_switch_does_not_swallow_an_operand_that_looks_like_a_truth_value()
    {
        ParsedArguments parsed = Parse("--rm true ls");

        Assert.True(parsed.Get(Remove));
        Assert.Equal(["true", "ls"], parsed.Operands);
    }

    [Fact]
    public void A_switch_can_be_turned_off()
    {
        Assert.False(Parse("--rm --rm=false busybox").Get(Remove));
        Assert.False(Parse("-t=0 busybox").Get(Tty));
    }

    [Fact]
    public void A_value_may_begin_with_a_dash_or_be_empty()
    {
        Assert.Equal(["-x", "--rm"], Parse("-e -x -e --rm busybox").Get(Env));
        Assert.Equal("", Parse(["--entrypoint", "", "busybox"], stops: true).Get(Entrypoint));
        Assert.Equal("", Parse("--entrypoint= busybox").Get(Entrypoint));
    }

    [Fact]
    public void A_list_keeps_its_order_and_a_scalar_its_last_value()
    {
        Assert.Equal(["A=1=2", "B"], Parse("-e A=1=2 --env=B busybox").Get(Env));
        Assert.Equal("2m", Parse("-m 1m -m 2m busybox").Get(Memory));
    }

    [Fact]
    public void Flags_behind_operands_count_for_verbs_without_a_command_line_of_their_own()
    {
        ParsedArguments parsed = Parse(["a", "-m", "1", "b", "--", "-i"], stops: false);

        Assert.Equal("1", parsed.Get(Memory));
        Assert.Equal(["a", "b", "-i"], parsed.Operands);
    }

    [Theory]
    [InlineData("--foo busybox", "unknown flag: --foo")]
    [InlineData("--foo=1 busybox", "unknown flag: --foo")]
    [InlineData("-itx busybox", "unknown shorthand flag: 'x' in -x")]
    [InlineData("--memory", "flag needs an argument: --memory")]
    [InlineData("-itm", "flag needs an argument: 'm' in -m")]
    [InlineData("--rm=maybe busybox", "invalid argument \"maybe\" for \"--rm\" flag: want true or false")]
    [InlineData("-c 5x busybox", "invalid argument \"5x\" for \"-c, --cpu-shares\" flag: want a whole number")]
    [InlineData("-c 101 busybox", "invalid argument \"101\" for \"-c, --cpu-shares\" flag: want a number from 0 to 100")]
    [InlineData("-c 99999999999999999999 busybox", "invalid argument \"99999999999999999999\" for \"-c, --cpu-shares\" flag: want a whole number")]
    public void What_is_wrong_is_told_in_dockers_words(string line, string message)
    {
        UsageException refused = Assert.Throws<UsageException>(() => Parse(line));

        Assert.Equal(message, refused.Message);
        Assert.Equal(125, refused.ExitCode);
    }

    [Theory]
    [InlineData("--help", true)]
    [InlineData("-h", true)]
    [InlineData("-i --help --nonsense", true)]
    [InlineData("busybox --help", false)]
    public void Help_is_wanted_only_before_the_operands(string line, bool wanted) =>
        Assert.Equal(wanted, Parse(line).WantsHelp);

    private static ParsedArguments Parse(string line) => Parse(line.Split(' '), stops: true);

    private static ParsedArguments Parse(string[] words, bool stops) => new ArgumentParser(All, stops).Parse(words);
}
