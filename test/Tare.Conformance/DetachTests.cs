// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary><c>run -d</c>, and containers that outlive the command that started them.</summary>
[Trait("ring", "kernel")]
public sealed class DetachTests(Subject subject) : IClassFixture<Subject>
{
    private const string Counting = "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done";

    [Fact]
    public void The_id_is_all_that_is_printed()
    {
        string name = subject.Name("plain");

        Outcome outcome = subject.Run("run", "-d", "--name", name, subject.Image, "sh", "-c", "echo out; sleep 1000");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches("^[0-9a-f]{64}\n$", outcome.Text);
        Assert.Equal(outcome.Text, subject.Ask("ps", "-q", "--no-trunc", "-f", $"name={name}") + "\n");
        Assert.Equal("running 0", subject.State(name));
    }

    [Theory]
    [InlineData("no-such-command", "no-such-command", 127)]
    [InlineData("/no/such", "no such file", 127)]
    [InlineData("/etc", "/etc", 126)]
    [InlineData("/bin/unrunnable", "permission denied", 126)]
    public void A_command_that_cannot_be_executed_has_dockers_code(string command, string words, int code)
    {
        string name = subject.Name("failed");

        Outcome outcome = subject.Run("run", "-d", "--name", name, subject.Image, command);

        subject.AssertRefused(outcome, code, words);
        Assert.Equal($"created {code}", subject.State(name));
    }

    [Fact]
    public void A_failed_start_with_rm_leaves_nothing()
    {
        string name = subject.Name("failed");

        subject.AssertRefused(
            subject.Run("run", "-d", "--rm", "--name", name, subject.Image, "no-such-command"), 127, "no-such-command");

        Assert.False(subject.Exists(name));
    }

    [Theory]
    [InlineData(125, "unknown flag: --nosuch", "--nosuch", "IMAGE")]
    [InlineData(1, "at least 1 argument")]
    [InlineData(1, "cannot specify both --attach and --detach", "-a", "stdout", "IMAGE", "true")]
    [InlineData(125, "no-such-image:1", "--pull", "never", "no-such-image:1")]
    [InlineData(125, "invalid signal: NOPE", "--stop-signal", "NOPE", "IMAGE", "true")]
    [InlineData(125, "--stop-timeout", "--stop-timeout", "x", "IMAGE", "true")]
    public void What_cannot_be_is_refused(int code, string words, params string[] args) => subject.Refuses(
        code, words, ["run", "-d", .. args.Select(word => word == "IMAGE" ? subject.Image : word)]);

    [Fact]
    public void It_is_removed_at_its_end_when_asked_for()
    {
        string name = subject.Name("brief");

        subject.Ask("run", "-d", "--rm", "--name", name, subject.Image, "sleep", "0.1");

        Subject.Await(() => !subject.Exists(name));
    }

    [Fact]
    public void Its_standard_input_is_empty_or_waits()
    {
        Assert.Equal("0", subject.Ask("wait", subject.Script("cat")));
        string waiting = subject.Script("cat", "-i");

        Thread.Sleep(200);
        Assert.Equal("running 0", subject.State(waiting));
        Assert.Equal("true false", subject.Look(waiting, "{{.Config.OpenStdin}} {{.Config.StdinOnce}}"));
    }

    [Fact]
    public void A_terminal_is_there_without_ours()
    {
        string name = subject.Script("tty; test -t 0 && test -t 1 && test -t 2 && echo all; sleep 1000", "-it");

        subject.AwaitLog(name, "/dev/pts/0\r\nall\r\n");
    }

    [Fact]
    public void Its_output_is_kept_after_the_end()
    {
        string name = subject.Script("echo out; echo err >&2; exit 5");

        Assert.Equal("5", subject.Ask("wait", name));

        Outcome logs = subject.Run("logs", name);
        Assert.Equal((0, "out\n", "err\n"), (logs.ExitCode, logs.Text, logs.Error));
        Assert.Equal("exited 5", subject.State(name));
    }

    [Fact]
    public void A_foreground_container_survives_its_killed_command()
    {
        string name = subject.Name("abandoned");
        using Conversation run = subject.Start("run", "--name", name, subject.Image, "sh", "-c", Counting);
        run.Expect("line 2\n");

        run.Signal("KILL");
        run.End();

        AssertGoesOn(name);
    }

    [Fact]
    public void A_container_with_a_terminal_survives_its_killed_command()
    {
        string name = subject.Name("abandoned");
        using Conversation run = subject.OnTerminal("run", "-it", "--name", name, subject.Image, "sh", "-c", Counting);
        run.Expect("line 2\r\n");

        Conversation.Signal("KILL", CommandOf(name));
        run.Expect("code 137");

        AssertGoesOn(name);
    }

    [Fact]
    public void With_rm_it_goes_on_and_is_removed_at_its_end()
    {
        string name = subject.Name("abandoned");
        using Conversation run =
            subject.Start("run", "--rm", "--name", name, subject.Image, "sh", "-c", Subject.Handling);
        run.Expect("ready");

        run.Signal("KILL");
        run.End();
        Assert.Equal("running 0", subject.State(name));
        subject.Ask("kill", "-s", "TERM", name);

        Subject.Await(() => !subject.Exists(name));
    }

    [Fact]
    public void Its_input_ends_with_the_command_that_gave_it()
    {
        string name = subject.Name("input");
        using Conversation run = subject.Start(
            "run", "-i", "--name", name, subject.Image, "sh", "-c", "echo ready; cat; echo end of input; sleep 1000");
        run.Expect("ready");

        run.Signal("KILL");
        run.End();

        subject.AwaitLog(name, "end of input");
        Assert.Equal("running 0", subject.State(name));
    }

    /// <summary>With --rm tare ends the container as a pipeline would, which docker does not: see RunCommandTests.</summary>
    [Theory]
    [InlineData("--tty=false")]
    [InlineData("--init")]
    public void A_reader_that_leaves_ends_the_command_and_not_the_container(string flag)
    {
        string name = subject.Name("pipe");
        using Conversation run = subject.Program.Start(
            "bash",
            "-c",
            $"'{subject.Program.Program}' run {flag} --name {name} {subject.Image} yes | head -n 1; " +
            "echo ${PIPESTATUS[0]}");

        Outcome outcome = run.End();

        Assert.StartsWith("y\n", outcome.Text, StringComparison.Ordinal);
        Assert.NotEqual("y\n0\n", outcome.Text);
        Assert.Equal("running 0", subject.State(name));
        subject.Ask("rm", "-f", name);
    }

    private void AssertGoesOn(string name)
    {
        Assert.Equal("running 0", subject.State(name));
        int lines = Lines(name);
        Subject.Await(() => Lines(name) > lines + 2);
    }

    private int Lines(string name) => subject.Run("logs", name).Text.Count(c => c == '\n');

    /// <summary>The process of the command line that has this name among its arguments.</summary>
    private int CommandOf(string name)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            string[] words = Words($"{process}/cmdline");
            if (words.Contains(name) && words[0] == subject.Program.Program)
            {
                return int.Parse(Path.GetFileName(process));
            }
        }

        throw new InvalidOperationException($"no process runs {name}");
    }

    private static string[] Words(string file)
    {
        try
        {
            return File.ReadAllText(file).Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [""];
        }
    }
}
