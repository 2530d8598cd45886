// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance;

/// <summary>What a process of <c>exec</c> finds: user, environment, folder, rights, terminal.</summary>
[Trait("ring", "kernel")]
public sealed class ExecInsideTests(Subject subject) : IClassFixture<Subject>
{
    private const string Rights = "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | tr '\\t\\n' '  '";

    [Theory]
    [InlineData("uid=0(root) gid=0(root) groups=0(root)")]
    [InlineData("uid=1000(user) gid=1000(user) groups=1000(user),2000(extra)", "-u", "user")]
    [InlineData("uid=1000(user) gid=1000(user) groups=1000(user),2000(extra)", "-u", "1000")]
    [InlineData("uid=1000(user) gid=2000(extra) groups=2000(extra)", "-u", "1000:2000")]
    [InlineData("uid=1000(user) gid=2000(extra) groups=2000(extra)", "-u", "user:extra")]
    [InlineData("uid=4242 gid=0(root) groups=0(root)", "-u", "4242")]
    [InlineData("uid=0(root) gid=2000(extra) groups=2000(extra)", "-u", ":2000")]
    public void The_user_is_the_one_asked_for(string id, params string[] flags) =>
        Assert.Equal(id, subject.Ask(["exec", .. flags, subject.Sleeper(), "id"]));

    [Fact]
    public void Without_a_user_it_is_the_containers()
    {
        string name = subject.Sleeper("-u", "1000:2000");

        Assert.Equal("uid=1000(user) gid=2000(extra) groups=2000(extra)", subject.Ask("exec", name, "id"));
        Assert.Equal("/home/user", subject.Ask("exec", name, "sh", "-c", "echo $HOME"));
        Assert.Equal("uid=0(root) gid=0(root) groups=0(root)", subject.Ask("exec", "-u", "0", name, "id"));
        Assert.Equal("/root", subject.Ask("exec", "-u", "0", name, "sh", "-c", "echo $HOME"));
    }

    [Fact]
    public void The_environment_is_the_containers_and_what_is_added()
    {
        string file = Path.Combine(subject.Program.Folder, "environment");
        File.WriteAllText(file, "F=1\n# a comment\n\nG=a b\nA=file\n");
        string name = subject.Sleeper("-e", "RUN=1", "-e", "KEPT=yes", "-h", "box");

        string text =
            subject.Ask("exec", "--env-file", file, "-e", "RUN=2", "-e", "A=flag", "-e", "NOT_SET_HERE", name, "env");

        Assert.Equal(
            [
                "A=flag", "F=1", "G=a b", "HOME=/root", "HOSTNAME=box", "KEPT=yes",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "RUN=2",
            ],
            text.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_folder_is_the_containers_or_the_one_asked_for()
    {
        string name = subject.Sleeper("-w", "/data");

        Assert.Equal("/data", subject.Ask("exec", name, "pwd"));
        Assert.Equal("/tmp", subject.Ask("exec", "-w", "/tmp", name, "pwd"));
    }

    [Theory]
    [InlineData(127, "no such file", "/missing")]
    [InlineData(127, "not a directory", "/bin/busybox")]
    [InlineData(128, "absolute", "tmp")]
    public void A_folder_that_is_none_is_refused_and_not_made(int code, string words, string folder)
    {
        string name = subject.Sleeper();

        Outcome outcome = subject.Run("exec", "-w", folder, name, "pwd");

        Assert.Equal(code, outcome.ExitCode);
        Assert.Contains(words, outcome.Text + outcome.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, subject.Run("exec", name, "ls", "-d", "/missing").ExitCode);
    }

    [Fact]
    public void Its_rights_are_the_containers_or_all()
    {
        string name = subject.Sleeper();

        string own = subject.Ask("exec", name, "sh", "-c", Rights);
        string all = subject.Ask("exec", "--privileged", name, "sh", "-c", Rights);

        Assert.Equal("CapEff: 00000000a80425fb CapBnd: 00000000a80425fb NoNewPrivs: 0 Seccomp: 2 ", own);
        Assert.Matches("^CapEff: (0*1[f]+e?f*) CapBnd: \\1 NoNewPrivs: 0 Seccomp: 2 $", all);
    }

    [Fact]
    public void A_user_other_than_root_has_no_capabilities()
    {
        string name = subject.Sleeper();

        Assert.StartsWith(
            "CapEff: 0000000000000000 ",
            subject.Ask("exec", "-u", "user", name, "sh", "-c", Rights), StringComparison.Ordinal);
        Assert.StartsWith(
            "CapEff: 0000000000000000 ",
            subject.Ask("exec", "--privileged", "-u", "user", name, "sh", "-c", Rights), StringComparison.Ordinal);
    }

    [Fact]
    public void It_sees_the_namespaces_the_files_and_the_cgroup_of_the_container()
    {
        string name = subject.Script("echo mine >/tmp/mine; echo ready; sleep 1000");
        subject.AwaitLog(name, "ready");
        const string Spaces =
            "cat /tmp/mine; for n in mnt pid ipc uts net cgroup; do " +
            "[ $(readlink /proc/self/ns/$n) = $(readlink /proc/1/ns/$n) ] && echo $n; done";

        Assert.Equal("mine\nmnt\npid\nipc\nuts\nnet\ncgroup", subject.Ask("exec", name, "sh", "-c", Spaces));
        Assert.Equal(
            "same",
            subject.Ask(
                "exec", name, "sh", "-c", "[ \"$(cat /proc/self/cgroup)\" = \"$(cat /proc/1/cgroup)\" ] && echo same"));
    }

    [Fact]
    public void Without_a_terminal_it_leads_a_session_and_has_three_streams()
    {
        string name = subject.Sleeper();

        // the fourth is the folder that ls itself reads
        Assert.Equal("0\n1\n2\n3", subject.Ask("exec", name, "ls", "/proc/self/fd"));
        Assert.Equal(
            "own", subject.Ask("exec", name, "sh", "-c", "[ $$ = $(cut -d' ' -f6 /proc/$$/stat) ] && echo own"));
        Assert.Equal("", subject.Ask("exec", name, "sh", "-c", "echo $TERM"));
    }

    [Fact]
    public void A_terminal_is_there_without_ours()
    {
        Outcome outcome =
            subject.Run("exec", "-t", subject.Sleeper(), "sh", "-c", "tty; echo err >&2; echo $TERM; exit 3");

        Assert.Equal((3, "/dev/pts/0\r\nerr\r\nxterm\r\n", ""), (outcome.ExitCode, outcome.Text, outcome.Error));
    }

    [Fact]
    public void A_shell_on_a_terminal_has_its_size_and_keys()
    {
        string name = subject.Sleeper();
        using Conversation shell =
            subject.OnTerminal(
                "exec", "-it", name, "sh", "-c",
                "trap 'echo caught; exit 6' INT; stty size; tty; while :; do sleep 0.05; done");
        int at = shell.Expect("24 80\r\n");
        shell.Expect("/dev/pts/0\r\n", at);

        shell.Type("\u0003");

        at = shell.Expect("caught", at);
        shell.Expect("code 6", at);
    }

    [Theory]
    [InlineData("\u0010\u0011")]
    [InlineData("\u0001x", "--detach-keys", "ctrl-a,x")]
    public void The_detach_keys_leave_it_running(string keys, params string[] flags)
    {
        string name = subject.Sleeper();
        using Conversation shell =
            subject.OnTerminal(["exec", "-it", .. flags, name, "sh", "-c", "echo ready; sleep 1005"]);
        shell.Expect("ready");

        shell.Type(keys);

        shell.Expect("read escape sequence\r\n");
        shell.Expect("code 1");
        Assert.Contains("sleep 1005", subject.Ask("exec", name, "ps"), StringComparison.Ordinal);
    }
}
