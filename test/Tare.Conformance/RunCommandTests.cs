// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>Exit codes, messages and plain streams of <c>tare run</c>.</summary>
[Trait("ring", "kernel")]
public sealed class RunCommandTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private const string Image = "busybox";

    [Theory]
    [InlineData(0, "true")]
    [InlineData(1, "false")]
    [InlineData(42, "sh", "-c", "exit 42")]
    [InlineData(255, "sh", "-c", "exit 255")]
    public void The_exit_code_is_the_programs(int code, params string[] command)
    {
        Outcome outcome = store.Run([Image, .. command]);

        Assert.Equal((code, "", ""), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Theory]
    [InlineData("unable to find image 'absent' locally", "--pull", "never", "absent", "true")]
    [InlineData("unknown flag: --foo", "--foo", Image, "true")]
    [InlineData("unable to find user nobody: ", "-u", "nobody", Image, "true")]
    [InlineData("unable to find group nogroup: ", "-u", "0:nogroup", Image, "true")]
    [InlineData("4294967296", "-u", "4294967296", Image, "true")]
    [InlineData("2147483648", "-u", "2147483648", Image, "true")]
    [InlineData("99999999999", "-u", "0:99999999999", Image, "true")]
    [InlineData("\"-1\"", "-u", "-1", Image, "true")]
    [InlineData("minimum memory limit allowed is 6MB", "-m", "1m", Image, "true")]
    [InlineData("invalid argument \"x\" for \"-m, --memory\" flag", "-m", "x", Image, "true")]
    [InlineData("range of CPUs is from 0.01 to", "--cpus", "100000", Image, "true")]
    [InlineData("invalid argument \"-x\" for \"--cpus\" flag", "--cpus", "-x", Image, "true")]
    [InlineData("invalid cpuset \"x\"", "--cpuset-cpus", "x", Image, "true")]
    [InlineData("requested CPUs are not available", "--cpuset-cpus", "4000", Image, "true")]
    [InlineData("invalid argument \"x\" for \"--pids-limit\" flag", "--pids-limit", "x", Image, "true")]
    [InlineData("invalid ulimit type: foo", "--ulimit", "foo=1", Image, "true")]
    [InlineData("soft limit must be less than or equal to hard limit", "--ulimit", "nofile=5:2", Image, "true")]
    [InlineData("invalid volume specification: 'a:b:c:d'", "-v", "a:b:c:d", Image, "true")]
    [InlineData("mount path must be absolute", "-v", "/tmp:relative", Image, "true")]
    [InlineData("destination can't be '/'", "-v", "/tmp:/", Image, "true")]
    [InlineData("mount type unknown: 'foo'", "--mount", "type=foo,dst=/x", Image, "true")]
    [InlineData("bind source path does not exist: /no/such", "--mount", "type=bind,src=/no/such,dst=/x", Image, "true")]
    [InlineData("network foo", "--network", "foo", Image, "true")]
    [InlineData("invalid container name (a/b)", "--name", "a/b", Image, "true")]
    [InlineData("invalid container name (-)", "--name", "-", Image, "true")]
    [InlineData("NO_SUCH", "--cap-add", "NO_SUCH", Image, "true")]
    [InlineData("/no/such", "--env-file", "/no/such", Image, "true")]
    [InlineData("/no/such", "--security-opt", "seccomp=/no/such", Image, "true")]
    [InlineData("needs to be an absolute path", "-w", "relative", Image, "true")]
    [InlineData("invalid", "--stop-signal", "SIGFOO", Image, "true")]
    [InlineData("invalid", "--pull", "sometimes", Image, "true")]
    [InlineData("linux/s390x", "--pull", "never", "--platform", "linux/s390x", Image, "true")]
    [InlineData("no command specified", Image)]
    public void What_cannot_be_had_is_125_and_says_what(string message, params string[] args) => store.Refuses(125, message, args);

    [Theory]
    [InlineData(126, "exec: \"/etc/passwd\": permission denied", "/etc/passwd")]
    [InlineData(126, "exec: \"unrunnable\": permission denied", "unrunnable")]
    [InlineData(126, "exec: \"/etc\": ", "/etc")]
    [InlineData(126, "exec: \"garbage\": exec format error", "garbage")]
    [InlineData(127, "exec: \"nosuch\": executable file not found in $PATH", "nosuch")]
    [InlineData(127, "exec: \"/no/such\": no such file or directory", "/no/such")]
    [InlineData(127, "exec: \"/bin/lost\": no such file or directory", "/bin/lost")]
    public void What_cannot_be_executed_is_126_or_127(int code, string message, string command) =>
        store.Refuses(code, message, Image, command);

    [Fact]
    public void A_failed_start_without_rm_is_recorded()
    {
        Outcome outcome = store.Tare.Run("run", "--name", "stillborn", Image, "nosuch");

        Assert.Equal(127, outcome.ExitCode);
        Assert.Equal("created 127\n", store.Tare.Succeed("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "stillborn"));
        store.Tare.Succeed("rm", "stillborn");
    }

    [Fact]
    public void A_name_can_be_had_once()
    {
        store.Tare.Succeed("run", "--name", "one", Image, "true");

        store.Refuses(125, "\"/one\" is already in use", "--name", "one", Image, "true");

        store.Tare.Succeed("rm", "one");
    }

    [Fact]
    public void Standard_error_is_a_stream_of_its_own()
    {
        Outcome outcome = store.Run(Image, "sh", "-c", "echo out; echo err >&2");

        Assert.Equal(("out\n", "err\n"), (outcome.Text, outcome.Error));
    }

    [Fact]
    public void A_megabyte_passes_both_ways_exactly()
    {
        byte[] bytes = new byte[(1 << 20) + 7];
        new Random(1).NextBytes(bytes);

        Outcome outcome = store.Tare.Run(["run", "--rm", "-i", Image, "cat"], bytes);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.True(bytes.AsSpan().SequenceEqual(outcome.Output));
    }

    [Fact]
    public void Without_i_standard_input_is_empty()
    {
        Outcome outcome = store.Tare.Run(["run", "--rm", Image, "cat"], "typed"u8.ToArray());

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void Fifty_megabytes_of_output_arrive()
    {
        const int Bytes = 50_000_000;
        Outcome outcome = store.Run(Image, "sh", "-c", $"yes | head -c {Bytes}");

        Assert.Equal((0, Bytes), (outcome.ExitCode, outcome.Output.Length));
        Assert.Equal(-1, outcome.Output.AsSpan().IndexOfAnyExcept((byte)'y', (byte)'\n'));
    }

    [Fact]
    public void Output_that_nobody_reads_any_more_ends_the_container()
    {
        using Conversation shell = store.Tare.Start("sh", "-c", $"'{TareBinary.Path}' run --rm {Image} yes | head -n 1; echo ended");

        shell.Expect("y\nended\n");
        Assert.Equal(0, shell.End().ExitCode);
    }

    [Fact]
    public void Closed_standard_streams_do_no_harm()
    {
        using Conversation shell = store.Tare.Start(
            "sh", "-c", $"'{TareBinary.Path}' run --rm {Image} sh -c 'echo x; echo y >&2; exit 3' <&- >&- 2>&-; echo $?");

        Assert.Equal("3\n", shell.End().Text);
    }

    [Theory]
    [InlineData("TERM", 7)]
    [InlineData("INT", 8)]
    [InlineData("USR1", 9)]
    [InlineData("HUP", 10)]
    public void A_signal_to_the_program_reaches_the_container(string signal, int code)
    {
        Outcome outcome = store.Tare.RunAndSignal(
            ["run", "--rm", Image, "sh", "-c", $"trap 'exit {code}' {signal}; echo ready; while :; do sleep 0.05; done"],
            after: "ready",
            signal);

        Assert.Equal((code, ""), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public void Death_by_a_signal_from_outside_is_128_and_its_number()
    {
        Outcome outcome = store.Tare.RunAndSignal(
            ["run", "--rm", "--init", Image, "sh", "-c", "echo ready; exec sleep 100"], after: "ready", "TERM");

        Assert.Equal(143, outcome.ExitCode);
    }
}
