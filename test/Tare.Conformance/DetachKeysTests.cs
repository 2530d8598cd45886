// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary>Terminals that are left and come back to: <c>run</c>, <c>attach</c> and <c>start -ai</c>.</summary>
[Trait("ring", "kernel")]
public sealed class DetachKeysTests(Subject subject) : IClassFixture<Subject>
{
    private const string Prompt = "# ";
    private const string DefaultKeys = "\u0010\u0011";

    [Theory]
    [InlineData(DefaultKeys)]
    [InlineData(DefaultKeys, "--rm")]
    [InlineData("\u0001d", "--detach-keys", "ctrl-a,d")]
    [InlineData("q", "--detach-keys", "q")]
    [InlineData("\u0000", "--detach-keys", "ctrl-@")]
    [InlineData("abc", "--detach-keys", "a,b,c")]
    public void Run_is_left_and_the_container_goes_on(string keys, params string[] flags)
    {
        string name = subject.Name("left");
        using Conversation terminal = subject.OnTerminal(["run", "-it", .. flags, "--name", name, subject.Image, "sh"]);
        terminal.Expect(Prompt);

        terminal.Type(keys);

        terminal.Expect("code 0");
        Assert.DoesNotContain("read escape sequence", terminal.Said, StringComparison.Ordinal);
        Assert.Equal("running 0", subject.State(name));
    }

    [Theory]
    [InlineData(DefaultKeys)]
    [InlineData("\u0001\u0002", "--detach-keys", "ctrl-a,ctrl-b")]
    [InlineData(DefaultKeys, "--detach-keys", "")]
    public void Attach_is_left_with_code_1(string keys, params string[] flags)
    {
        string name = subject.Script("sh", "-it");
        using Conversation terminal = subject.OnTerminal(["attach", .. flags, name]);
        Greet(terminal);

        terminal.Type(keys);

        terminal.Expect("read escape sequence\r\n");
        terminal.Expect("code 1");
        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void Start_is_left_with_code_0()
    {
        string name = subject.Name("left");
        subject.Ask("create", "-it", "--name", name, subject.Image, "sh");
        using Conversation terminal = subject.OnTerminal("start", "-ai", name);
        Greet(terminal);

        terminal.Type(DefaultKeys);

        terminal.Expect("code 0");
        Assert.Equal("running 0", subject.State(name));
    }

    [Fact]
    public void A_container_is_come_back_to_and_ended()
    {
        string name = subject.Name("again");
        using Conversation first = subject.OnTerminal("run", "-it", "--name", name, subject.Image, "sh");
        Greet(first);
        first.Type("kept=yes\r" + DefaultKeys);
        first.Expect("code 0");

        using Conversation second = subject.OnTerminal("attach", name);
        Greet(second);
        second.Type("echo \"<$kept>\"; stty size\r");
        int at = second.Expect("<yes>\r\n");
        second.Expect("24 80\r\n", at);
        second.Type("exit 9\r");

        second.Expect("code 9");
        Assert.Equal("exited 9", subject.State(name));
    }

    [Fact]
    public void Start_comes_back_to_a_running_container()
    {
        string name = subject.Script("sh", "-it");
        using Conversation terminal = subject.OnTerminal("start", "-ai", name);
        Greet(terminal);

        terminal.Type("exit 5\r");

        terminal.Expect("code 5");
    }

    [Fact]
    public void Other_keys_and_unfinished_sequences_are_passed_on()
    {
        string name = subject.Name("typed");
        using Conversation terminal = subject.OnTerminal(
            "run", "-it", "--name", name, "--detach-keys", "ctrl-a,d", subject.Image, "sh", "-c",
            "stty raw -echo; echo ready; head -c 5 | od -An -tx1");
        terminal.Expect("ready");

        terminal.Type("\u0010\u0011\u0001xy");

        terminal.Expect("10 11 01 78 79");
        terminal.Expect("code 0");
    }

    [Fact]
    public void Without_a_terminal_there_are_no_such_keys()
    {
        string name = subject.Name("plain");

        Outcome outcome =
            subject.Program.Run(["run", "-i", "--name", name, subject.Image, "od", "-An", "-tx1"], [0x10, 0x11]);

        Assert.Equal((0, " 10 11\n"), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void Without_input_keys_do_not_leave()
    {
        string name = subject.Script("echo ready; trap 'exit 3' TERM; while :; do sleep 1000 & wait $!; done", "-it");
        using Conversation terminal = subject.OnTerminal("attach", "--no-stdin", name);
        Thread.Sleep(300);

        terminal.Type(DefaultKeys);
        Thread.Sleep(300);
        Assert.DoesNotContain("code", terminal.Said, StringComparison.Ordinal);
        subject.Ask("stop", name);

        terminal.Expect("code 3");
    }

    [Fact]
    public void A_terminal_wants_ours() =>
        subject.Refuses(1, "not a TTY", "attach", subject.Script("sh", "-it"));

    [Theory]
    [InlineData("run")]
    [InlineData("start")]
    [InlineData("exec")]
    public void Keys_that_are_none_are_refused(string verb)
    {
        string name = subject.Name("wrong");
        string[] args = verb switch
        {
            "run" => ["run", "--name", name, "--detach-keys", "ctrl-1", subject.Image, "true"],
            "start" => ["start", "-a", "--detach-keys", "ctrl-1", subject.Created("true")],
            _ => ["exec", "--detach-keys", "ctrl-1", subject.Sleeper(), "true"],
        };

        Assert.NotEqual(0, subject.Run(args).ExitCode);
    }

    [Fact]
    public void The_size_follows_ours_after_attaching()
    {
        string name =
            subject.Script("trap 'stty size' WINCH; echo ready; while :; do sleep 1000 & wait $!; done", "-it");
        subject.AwaitLog(name, "ready");

        using Conversation terminal = subject.OnTerminal("attach", name);

        terminal.Expect("24 80\r\n");
    }

    [Fact]
    public void Control_c_without_a_terminal_is_passed_on()
    {
        string name = subject.Name("interrupted");
        using Conversation terminal = subject.OnTerminal(
            "run", "--name", name, subject.Image, "sh", "-c",
            "trap 'echo caught; exit 6' INT; echo ready; while :; do sleep 0.05; done");
        terminal.Expect("ready");

        terminal.Type("\u0003");

        terminal.Expect("caught");
        Subject.Await(() => subject.State(name) == "exited 6");
    }

    /// <summary>It is attached when it answers.</summary>
    private static void Greet(Conversation terminal)
    {
        int asked = 0;
        for (int at = terminal.Said.Length; !terminal.Said[at..].Contains("hello42\r\n", StringComparison.Ordinal);)
        {
            Assert.True(++asked < 100, terminal.Said);
            terminal.Type("echo hello$((6*7))\r");
            Thread.Sleep(100);
        }
    }
}
