// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary>The streams of <c>run</c>: -a, -i, --sig-proxy, and what closes first.</summary>
[Trait("ring", "kernel")]
public sealed class RunAttachTests(Subject subject) : IClassFixture<Subject>
{
    private const string Both = "echo out; echo err >&2; exit 3";

    [Theory]
    [InlineData("out\n", "", "-a", "stdout")]
    [InlineData("", "err\n", "-a", "stderr")]
    [InlineData("out\n", "err\n", "-a", "STDOUT", "-a", "stderr")]
    [InlineData("out\n", "err\n")]
    public void Only_the_streams_asked_for_are_shown(string text, string error, params string[] flags)
    {
        Outcome outcome = subject.Run(["run", "--rm", .. flags, subject.Image, "sh", "-c", Both]);

        Assert.Equal((3, text, error), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Fact]
    public void A_stream_that_is_none_is_refused() =>
        subject.Refuses(125, "valid streams are STDIN, STDOUT and STDERR", "run", "-a", "nope", subject.Image, "true");

    [Fact]
    public void What_is_not_shown_is_kept()
    {
        string name = subject.Name("kept");

        subject.Run("run", "-a", "stderr", "--name", name, subject.Image, "sh", "-c", Both);

        Assert.Equal("out\n", subject.Run("logs", name).Text);
    }

    [Fact]
    public void Input_alone_can_be_attached()
    {
        string name = subject.Name("fed");

        Outcome outcome =
            subject.Program.Run(
                ["run", "-i", "-a", "stdin", "--name", name, subject.Image, "sh", "-c", "cat; exit 3"],
                "x\n"u8.ToArray());

        Assert.Equal("", outcome.Text);
        subject.AwaitState(name, "exited 3");
        Assert.Equal("x\n", subject.Run("logs", name).Text);
    }

    [Fact]
    public void It_ends_with_the_container_and_not_with_the_input()
    {
        string name = subject.Name("short");
        using Conversation run =
            subject.Start("run", "-i", "--name", name, subject.Image, "sh", "-c", "read line; echo $line; exit 4");

        run.Type("one\ntwo\n");

        Outcome outcome = run.End();
        Assert.Equal((4, "one\n"), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void A_closed_input_is_an_empty_one()
    {
        using Conversation run = subject.Program.Start(
            "bash", "-c", $"exec '{subject.Program.Program}' run --rm -i {subject.Image} sh -c 'cat; exit 4' <&-");

        Assert.Equal(4, run.End().ExitCode);
    }

    [Fact]
    public void Closed_streams_are_no_end()
    {
        Outcome outcome =
            subject.Run("run", "--rm", subject.Image, "sh", "-c", "echo a; exec >&- 2>&-; sleep 0.3; exit 4");

        Assert.Equal((4, "a\n"), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void A_container_that_does_not_read_keeps_nobody_waiting()
    {
        Outcome outcome = subject.Program.Run(
            ["run", "--rm", "-i", subject.Image, "sh", "-c", "sleep 0.3; exit 5"], new byte[1 << 20]);

        Assert.Equal(5, outcome.ExitCode);
    }

    [Fact]
    public void Signals_stay_outside_when_asked_for()
    {
        string name = subject.Name("deaf");
        using Conversation run =
            subject.Start("run", "--sig-proxy=false", "--name", name, subject.Image, "sh", "-c", Subject.Handling);
        run.Expect("ready");

        run.Signal("TERM");
        Thread.Sleep(300);

        Assert.Equal("running 0", subject.State(name));
        Assert.Equal("ready\n", subject.Run("logs", name).Text);
    }

    [Fact]
    public void A_signal_that_the_starter_ignored_is_passed_on()
    {
        string name = subject.Name("background");
        string script = "trap 'echo caught; exit 6' INT; echo ready; while :; do sleep 0.05; done";
        using Conversation run = subject.Program.Start(
            "sh", "-c", "trap '' INT; exec \"$@\"", "sh",
            subject.Program.Program, "run", "--name", name, subject.Image, "sh", "-c", script);
        run.Expect("ready");

        run.Signal("INT");

        run.Expect("caught");
        Subject.Await(() => subject.State(name) == "exited 6");
    }

    [Theory]
    [InlineData("TERM", "TERM\n", 7)]
    [InlineData("HUP", "HUP\n", 137)]
    public void Signals_are_passed_on(string signal, string said, int code)
    {
        string name = subject.Name("told");
        using Conversation run = subject.Start("run", "--name", name, subject.Image, "sh", "-c", Subject.Handling);
        run.Expect("ready");

        run.Signal(signal);
        run.Expect(said);
        subject.Run("kill", name);

        Assert.Equal(code, run.End().ExitCode);
    }

    [Theory]
    [InlineData(137, "kill")]
    [InlineData(137, "stop", "-t", "0")]
    [InlineData(137, "rm", "-f")]
    public void Its_code_is_the_containers_however_it_ended(int code, params string[] verb)
    {
        string name = subject.Name("ended");
        using Conversation run =
            subject.Start("run", "--name", name, subject.Image, "sh", "-c", "echo ready; sleep 1000");
        run.Expect("ready");

        subject.Ask([.. verb, name]);

        Assert.Equal(code, run.End().ExitCode);
    }

    [Fact]
    public void With_rm_it_is_gone_when_the_command_returns()
    {
        string name = subject.Name("brief");

        Assert.Equal(9, subject.Run("run", "--rm", "--name", name, subject.Image, "sh", "-c", "exit 9").ExitCode);

        Assert.False(subject.Exists(name));
    }
}
