// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

[Trait("ring", "kernel")]
public sealed class RunStreamTests(Busybox busybox) : IClassFixture<Busybox>
{
    [Fact]
    public void Output_and_error_stay_apart()
    {
        Outcome outcome = busybox.Run("", "sh", "-c", "echo out; echo err >&2");

        Assert.Equal("out\n", outcome.Text);
        Assert.Equal("err\n", outcome.Error);
    }

    [Fact]
    public void Input_reaches_the_container_only_when_asked_for()
    {
        Assert.Equal("hello", busybox.Tare.Run(Busybox.Words("-i", ["cat"]), "hello"u8.ToArray()).Text);
        Assert.Equal("", busybox.Tare.Run(Busybox.Words("", ["cat"]), "hello"u8.ToArray()).Text);
    }

    [Fact]
    public void Megabytes_pass_unchanged_in_both_directions()
    {
        byte[] bytes = new byte[8 << 20];
        new Random(1).NextBytes(bytes);

        Outcome outcome = busybox.Tare.Run(Busybox.Words("-i", ["cat"]), bytes);

        Assert.Equal(0, outcome.ExitCode);
        Assert.True(bytes.AsSpan().SequenceEqual(outcome.Output));
    }

    [Fact]
    public void The_last_bytes_before_the_exit_are_not_lost() => Assert.All(Enumerable.Range(0, 20), _ =>
        Assert.Equal("100000\n", busybox.Shell("", "seq 100000 | tail -n 1")));

    [Fact]
    public void The_container_sees_no_descriptors_but_the_three()
    {
        // the fourth is the folder that ls itself reads
        Assert.Equal("0\n1\n2\n3\n", busybox.Shell("", "ls /proc/self/fd"));
        Assert.Equal("0\n1\n2\n3\n", busybox.Shell("--privileged --init", "ls /proc/self/fd"));
    }

    [Fact]
    public void A_terminal_is_a_real_one()
    {
        Outcome outcome =
            busybox.Tare.RunOnTerminal(
                rows: 33, columns: 101, Busybox.Words("-it", ["sh", "-c", "tty; stty size; echo $TERM; exit 5"]));

        Assert.Equal(5, outcome.ExitCode);
        Assert.Equal("/dev/pts/0\r\n33 101\r\nxterm\r\n", outcome.Text);
    }

    [Fact]
    public void Keys_of_the_terminal_act_inside()
    {
        // ^C ends the sleep, not us: the shell in the container goes on
        Outcome outcome = busybox.Tare.RunOnTerminal(
            24, 80, Busybox.Words("-it", ["sh", "-c", "trap 'echo caught' INT; echo ready; cat; echo after"]), answerTo: "ready", answer: "\u0003\u0004");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("caught", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("after", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_is_refused_without_one()
    {
        Outcome outcome = busybox.Run("-it", "true");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("not a TTY", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Signals_are_passed_on()
    {
        Outcome outcome = busybox.Tare.RunAndSignal(
            Busybox.Words("", ["sh", "-c", "trap 'echo got it; exit 9' TERM; echo ready; while :; do sleep 0.1; done"]), "ready", "TERM");

        Assert.Equal(9, outcome.ExitCode);
        Assert.EndsWith("got it\n", outcome.Text, StringComparison.Ordinal);
    }
}
