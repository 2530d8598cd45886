// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary><c>tare run -it</c> on a terminal of its own, made by script(1): typed at, resized, left.</summary>
[Trait("ring", "kernel")]
public sealed class RunTerminalTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    [Fact]
    public void A_shell_echoes_what_is_typed_and_has_a_terminal()
    {
        using Conversation terminal = Open("--rm", "busybox", "sh");
        terminal.Expect("# ");
        terminal.Type("tty; echo $TERM $((6*7))\r");

        int at = terminal.Expect("tty; echo");
        at = terminal.Expect("/dev/pts/0\r\n", at);
        terminal.Expect("xterm 42\r\n", at);
        terminal.Type("exit 4\r");

        terminal.Expect("code 4");
        AssertRestored(terminal);
    }

    [Fact]
    public void The_size_is_the_users_and_follows_it()
    {
        using Conversation terminal = Open("--rm", "busybox", "sh", "-c", "trap '[ \"$(stty size)\" = \"44 111\" ] && stty size && exit' WINCH; stty size; while :; do sleep 0.02; done");
        int at = terminal.Expect("33 99\r\n");
        string said = terminal.Said;
        string device = said[said.IndexOf("/dev/pts/", StringComparison.Ordinal)..].Split('\r')[0];

        Process.Start("stty", ["-F", device, "rows", "44", "cols", "111"]).WaitForExit();

        terminal.Expect("44 111\r\n", at);
        terminal.Expect("code 0");
        AssertRestored(terminal);
    }

    [Fact]
    public void Control_c_reaches_the_container_and_not_the_program()
    {
        using Conversation terminal = Open("--rm", "busybox", "sh", "-c", "trap 'echo caught; exit 6' INT; echo ready; while :; do sleep 0.02; done");
        int at = terminal.Expect("ready\r\n");

        terminal.Type("\u0003");

        terminal.Expect("caught", at);
        terminal.Expect("code 6");
        AssertRestored(terminal);
    }

    [Fact]
    public void Control_d_is_the_end_of_input()
    {
        using Conversation terminal = Open("--rm", "busybox", "sh", "-c", "echo ready; cat; exit 2");
        int at = terminal.Expect("ready\r\n");

        terminal.Type("line\r");
        at = terminal.Expect("line\r\nline\r\n", at);
        terminal.Type("\u0004");

        terminal.Expect("code 2", at);
        AssertRestored(terminal);
    }

    [Fact]
    public void The_detach_keys_leave_the_container_running()
    {
        using Conversation terminal = Open("--name", "left", "busybox", "sh");
        terminal.Expect("# ");

        terminal.Type("\u0010\u0011");

        terminal.Expect("code 0");
        AssertRestored(terminal);
        Assert.Equal("running\n", store.Tare.Succeed("inspect", "-f", "{{.State.Status}}", "left"));
        store.Tare.Succeed("rm", "-f", "left");
    }

    private Conversation Open(params string[] args)
    {
        string words = string.Join(' ', args.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        return store.Tare.Start(
            "script",
            "-qefc",
            $"tty; stty rows 33 cols 99; stty -g >'{Before}'; TERM=xterm '{TareBinary.Path}' run -it {words}; echo code $?; stty -g >'{After}'; echo over",
            "/dev/null");
    }

    private string Before => Path.Combine(store.Tare.Folder, "before");

    private string After => Path.Combine(store.Tare.Folder, "after");

    private void AssertRestored(Conversation terminal)
    {
        terminal.Expect("over");
        Assert.Equal(File.ReadAllText(Before), File.ReadAllText(After));
    }
}
