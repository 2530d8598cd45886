// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary><c>logs</c>.</summary>
[Trait("ring", "kernel")]
public sealed partial class LogsTests(Subject subject) : IClassFixture<Subject>
{
    private const string Three = "echo a; sleep 0.05; echo b; sleep 0.05; echo c";

    [Fact]
    public void Output_and_error_come_apart_and_without_a_line_feed_of_our_own()
    {
        string name = subject.Ended("echo o1; echo e1 >&2; echo o2; printf tail");

        Outcome outcome = subject.Run("logs", name);

        Assert.Equal((0, "o1\no2\ntail", "e1\n"), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Theory]
    [InlineData("a\nb\nc\n", "all")]
    [InlineData("a\nb\nc\n", "-1")]
    [InlineData("a\nb\nc\n", "100")]
    [InlineData("a\nb\nc\n", "what")]
    [InlineData("b\nc\n", "2")]
    [InlineData("c\n", "1")]
    [InlineData("", "0")]
    public void The_tail_is_cut(string text, string lines)
    {
        string name = subject.Ended(Three);

        Assert.Equal(text, subject.Run("logs", "--tail", lines, name).Text);
        Assert.Equal(text, subject.Run("logs", "-n", lines, name).Text);
        Assert.Equal(text, subject.Run("logs", "-f", "--tail", lines, name).Text);
    }

    [Fact]
    public void Times_are_in_front_to_the_nanosecond()
    {
        string name = subject.Ended("echo out; echo err >&2");
        DateTimeOffset started = Time(subject.Look(name, "{{.State.StartedAt}}"));

        Outcome outcome = subject.Run("logs", "-t", name);

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z out\n$", outcome.Text);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z err\n$", outcome.Error);
        Assert.InRange((Time(outcome.Text[..30]) - started).TotalSeconds, -1, 30);
    }

    [Fact]
    public void Since_and_until_include_their_moment()
    {
        string name = subject.Ended(Three);
        string b = Stamp().Matches(subject.Run("logs", "-t", name).Text)[1].Value;
        string unix = $"{Time(b).ToUnixTimeSeconds()}.{b[20..29]}";

        Assert.All((string[])[b, unix], moment =>
        {
            Assert.Equal("b\nc\n", subject.Run("logs", "--since", moment, name).Text);
            Assert.Equal("a\nb\n", subject.Run("logs", "--until", moment, name).Text);
            Assert.Equal("b\n", subject.Run("logs", "--since", moment, "--until", moment, name).Text);
            Assert.Equal("c\n", subject.Run("logs", "--since", moment, "--tail", "1", name).Text);
        });
    }

    [Theory]
    [InlineData("a\nb\nc\n", "--since", "10m")]
    [InlineData("a\nb\nc\n", "--since", "1h30m")]
    [InlineData("a\nb\nc\n", "--since", "2001-01-01")]
    [InlineData("a\nb\nc\n", "--since", "2001-01-01T12:30:00")]
    [InlineData("a\nb\nc\n", "--since", "2001-01-01T12:30:00+02:00")]
    [InlineData("a\nb\nc\n", "--since", "1000000000")]
    [InlineData("", "--since", "2999-01-01T00:00:00Z")]
    [InlineData("", "--until", "10m")]
    [InlineData("", "--until", "1000000000.5")]
    [InlineData("a\nb\nc\n", "--until", "2999-01-01T00:00:00Z")]
    public void A_moment_has_many_forms(string text, string flag, string moment) =>
        Assert.Equal(text, subject.Run("logs", flag, moment, subject.Ended(Three)).Text);

    [Theory]
    [InlineData("--since")]
    [InlineData("--until")]
    public void A_moment_that_is_none_is_refused(string flag) =>
        subject.Refuses(1, "\"nope\"", "logs", flag, "nope", subject.Created("true"));

    [Fact]
    public void What_never_ran_has_said_nothing()
    {
        Outcome outcome = subject.Run("logs", subject.Created("true"));

        Assert.Equal((0, "", ""), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Theory]
    [InlineData(1, "No such container: no-such-container", "no-such-container")]
    [InlineData(1, "1 argument")]
    [InlineData(1, "1 argument", "x", "y")]
    [InlineData(125, "unknown flag: --nosuch", "--nosuch", "x")]
    public void A_wrong_command_line_is_refused(int code, string words, params string[] args) =>
        subject.Refuses(code, words, ["logs", .. args]);

    [Fact]
    public void A_terminal_has_one_stream()
    {
        string name = subject.Script("echo out; echo err >&2", "-t");
        subject.Ask("wait", name);

        Outcome outcome = subject.Run("logs", name);

        Assert.Equal(("out\r\nerr\r\n", ""), (outcome.Text, outcome.Error));
    }

    [Fact]
    public void Each_run_adds_to_the_same_log()
    {
        string name = subject.Ended("echo again");

        subject.Ask("start", "-a", name);

        Assert.Equal("again\nagain\n", subject.Run("logs", name).Text);
    }

    [Fact]
    public void Details_put_attributes_in_front()
    {
        string name = subject.Name("labelled");
        subject.Ask("run", "--name", name, "--label", "x=y", "--log-opt", "labels=x", subject.Image, "echo", "hi");

        Assert.Equal("x=y hi\n", subject.Run("logs", "--details", name).Text);
        Assert.Equal(" a\n b\n c\n", subject.Run("logs", "--details", subject.Ended(Three)).Text);
    }

    [Fact]
    public void Without_a_log_there_is_nothing_to_read()
    {
        string name = subject.Name("silent");
        Assert.Equal("hi", subject.Ask("run", "--name", name, "--log-driver", "none", subject.Image, "echo", "hi"));

        subject.Refuses(1, "does not support reading", "logs", name);
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text.TrimEnd('Z')[..27], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [GeneratedRegex(@"(?m)^\S+")]
    private static partial Regex Stamp();
}
