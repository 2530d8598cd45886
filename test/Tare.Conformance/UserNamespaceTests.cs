// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>A user namespace for each container: whose files are whose, and when it is the host's.</summary>
[Trait("ring", "kernel")]
[Trait("users", "own")]
public sealed class UserNamespaceTests(BusyboxStore store) : IClassFixture<BusyboxStore>, IDisposable
{
    private const string Map = "cat /proc/self/uid_map /proc/self/gid_map";
    private const string HostMap = "         0          0 4294967295\n";
    private const string Whose = "{{.UserNamespace.Mode}} {{.UserNamespace.Reason}}";
    private const string Warning = "WARNING: the container runs in the host's user namespace: ";

    private readonly List<string> _made = [];

    private TareBinary Tare => store.Tare;

    public void Dispose() => _made.ForEach(name => Tare.Succeed("rm", "-f", name));

    [Fact]
    public void Each_container_has_ids_that_nobody_else_has()
    {
        string[] maps = [.. Enumerable.Range(0, 4).Select(_ => Sleep()).Select(name => Tare.Succeed("exec", name, "sh", "-c", Map))];

        foreach (string map in maps)
        {
            string[] lines = map.TrimEnd('\n').Split('\n');
            Assert.Equal(lines[0], lines[1]);
            uint first = First(lines[0]);
            Assert.True(first >= 0x7000_0000 && first % 65536 == 0, lines[0]);
        }

        Assert.Equal(4, maps.Distinct().Count());
    }

    [Fact]
    public void The_hosts_root_is_not_the_containers()
    {
        string name = Sleep();
        string pid = Inspect(name, "{{.State.Pid}}");
        uint first = First(Tare.Succeed("exec", name, "sh", "-c", Map));

        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"Uid:\t{first}\t{first}\t{first}\t{first}\n"),
            File.ReadAllText($"/proc/{pid}/status"),
            StringComparison.Ordinal);
        Assert.Equal($"private {first}", Inspect(name, "{{.UserNamespace.Mode}} {{.UserNamespace.FirstId}}"));
        Assert.Equal("root", Tare.Succeed("top", name).Split('\n')[1].Split(' ')[0]);
    }

    /// <summary>As users of docker know it: what the container's root makes on a host's folder is the host's root's.</summary>
    [Fact]
    public void Files_on_a_folder_of_the_host_belong_to_the_same_numbers_there()
    {
        string folder = store.HostFolder();
        File.WriteAllText($"{folder}/secret", "of root\n");
        File.SetUnixFileMode($"{folder}/secret", UnixFileMode.UserRead);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);

        Assert.Equal("of root\n0 0\n", store.Shell("cat /v/secret; touch /v/a; mkdir /v/d; stat -c '%u %g' /v/secret", "-v", $"{folder}:/v"));
        store.Shell("touch /v/b; ! cat /v/secret 2>/dev/null", "-v", $"{folder}:/v", "-u", "1000:1001");
        store.Shell("touch /v/c; chown 33:34 /v/c; chmod 4755 /v/c", "-v", $"{folder}:/v");

        Assert.Equal("0:0 644", Stat($"{folder}/a"));
        Assert.Equal("0:0 755", Stat($"{folder}/d"));
        Assert.Equal("1000:1001 644", Stat($"{folder}/b"));
        Assert.Equal("33:34 4755", Stat($"{folder}/c"));
    }

    [Fact]
    public void Files_of_the_image_and_of_the_container_keep_their_numbers_on_disk()
    {
        string name = Sleep();

        Tare.Succeed("exec", name, "sh", "-ec", "touch /mine /bin/busybox; mkdir /d; chown 33:33 /d; rm /bin/cat");

        string upper = Inspect(name, "{{.GraphDriver.Data.UpperDir}}");
        Assert.StartsWith("0:0", Stat($"{upper}/mine"), StringComparison.Ordinal);
        Assert.StartsWith("0:0", Stat($"{upper}/bin/busybox"), StringComparison.Ordinal);
        Assert.StartsWith("33:33", Stat($"{upper}/d"), StringComparison.Ordinal);
        Assert.StartsWith("0:0", Stat($"{upper}/bin/cat"), StringComparison.Ordinal);

        // the next run has other ids, and finds all as it was
        Tare.Succeed("restart", "-t", "0", name);
        Assert.Equal("33 33\n0 0\n", Tare.Succeed("exec", name, "stat", "-c", "%u %g", "/d", "/mine"));
    }

    [Fact]
    public void A_volume_is_filled_with_the_images_numbers()
    {
        string image = $"vol-{Guid.NewGuid():N}";
        string name = Sleep("sh", "-c", "mkdir -p /data/sub; chown 70:71 /data /data/sub; echo x > /data/f; sleep 1000");
        string folder = store.HostFolder();
        Pack(Inspect(name, "{{.GraphDriver.Data.UpperDir}}"), $"{folder}/t.tar");
        Tare.Succeed("import", $"{folder}/t.tar", image);

        string volume = $"v{Guid.NewGuid():N}";
        Tare.Succeed("create", "--name", $"c-{volume}", "-v", $"{volume}:/data", image, "x");

        Assert.StartsWith("70:71", Stat($"{Tare.Root}/volumes/{volume}/_data/sub"), StringComparison.Ordinal);
        Assert.StartsWith("0:0", Stat($"{Tare.Root}/volumes/{volume}/_data/f"), StringComparison.Ordinal);
        Assert.Equal("70 71\n0 0\n", store.Shell("stat -c '%u %g' /data/sub /data/f; echo y >> /data/f; chown 5 /data/f", "-v", $"{volume}:/data"));
        Assert.StartsWith("5:0", Stat($"{Tare.Root}/volumes/{volume}/_data/f"), StringComparison.Ordinal);
        Tare.Succeed("rm", $"c-{volume}");
    }

    [Fact]
    public void A_working_directory_that_is_made_is_roots()
    {
        Assert.Equal("0 0 755\n", store.Shell("stat -c '%u %g %a' /made/here", "-w", "/made/here"));
        string name = $"n{Guid.NewGuid():N}";
        Tare.Succeed("create", "--name", name, "-w", "/made", "busybox", "stat", "-c", "%u %g", ".");
        Assert.Equal("0 0\n", Tare.Succeed("start", "-a", name));
        Tare.Succeed("rm", name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-u 1000:1000")]
    public void Streams_and_terminals_belong_to_the_process(string flags)
    {
        string[] user = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("one\ntwo\n", store.Shell("echo one > /dev/stdout; sh -c 'echo two > /proc/self/fd/1'", user));
        string terminal = OnTerminal(
            ["run", "--rm", "-t", .. user, "busybox", "sh", "-c", "echo yes > /dev/tty; echo of > $(tty); stat -c '%u %g' $(tty)"]);
        string uid = user.Length == 0 ? "0" : "1000";
        Assert.Contains($"yes\nof\n{uid} 5\n", terminal, StringComparison.Ordinal);
    }

    [Fact]
    public void An_execed_process_has_the_containers_ids()
    {
        string name = Sleep();
        string map = Tare.Succeed("exec", name, "sh", "-c", Map);

        Assert.Equal(map, Tare.Succeed("exec", "-u", "33:44", name, "sh", "-c", Map));
        Assert.Equal("33 44\n", Tare.Succeed("exec", "-u", "33:44", name, "sh", "-c", "echo $(id -u) $(id -g)"));
        Assert.Equal(map, Tare.Succeed("exec", "--privileged", name, "sh", "-c", Map));
        Assert.Contains(
            "0 5\nyes\n", OnTerminal(["exec", "-t", name, "sh", "-c", "stat -c '%u %g' $(tty); echo yes > /dev/tty"]), StringComparison.Ordinal);
        Outcome foreign = Tare.Run("exec", "-u", "70000", name, "true");
        Assert.NotEqual(0, foreign.ExitCode);
        Assert.Contains("70000", foreign.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--privileged", "it is privileged")]
    [InlineData("--network host", "it shares the host's network")]
    [InlineData("--userns host", "")]
    public void Rights_over_the_host_come_with_its_user_namespace(string flags, string reason)
    {
        string[] words = flags.Split(' ');
        Outcome outcome = store.Run([.. words, "busybox", "sh", "-c", Map]);

        Assert.Equal((0, HostMap + HostMap, ""), (outcome.ExitCode, outcome.Text, outcome.Error));
        string name = Sleep(flags: words);
        Assert.Equal($"host {reason}", Inspect(name, Whose));
        Assert.Equal(words is ["--userns", var mode] ? mode : "", Inspect(name, "{{.HostConfig.UsernsMode}}"));
    }

    [Theory]
    [InlineData("-v /proc/sys:/x", "/proc/sys: its file system (proc) shows no mapped owners")]
    [InlineData("-v /dev/null:/x", "/dev/null: its file system (devtmpfs) shows no mapped owners")]
    [InlineData("-v /:/host", "/: a file system mounted below it shows no mapped owners")]
    [InlineData("-u 70000", "user or group 70000 is not among its 65536 ids")]
    [InlineData("--group-add 70000", "user or group 70000 is not among its 65536 ids")]
    public void What_cannot_be_mapped_is_told_and_runs_with_the_hosts(string flags, string reason)
    {
        string[] words = flags.Split(' ');
        Outcome outcome = store.Run([.. words, "busybox", "sh", "-c", Map]);

        Assert.Equal((0, HostMap + HostMap, $"{Warning}{reason}\n"), (outcome.ExitCode, outcome.Text, outcome.Error));
        string name = Sleep(flags: words);
        Assert.Equal($"host {reason}", Inspect(name, Whose));
        Assert.Equal(HostMap + HostMap, Tare.Succeed("exec", name, "sh", "-c", Map));
    }

    [Theory]
    [InlineData("-v /proc/sys:/x", "/proc/sys")]
    [InlineData("--privileged", "it is privileged")]
    [InlineData("--network host", "it shares the host's network")]
    [InlineData("-u 70000", "70000")]
    public void What_was_demanded_is_given_or_refused(string flags, string reason)
    {
        string[] words = flags.Split(' ');
        Outcome outcome = store.Run(["--userns", "private", .. words, "busybox", "true"]);

        Assert.Equal(125, outcome.ExitCode);
        BusyboxStore.AssertClear(outcome);
        Assert.Contains("no private user namespace", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_that_there_is_not_is_refused() => store.Refuses(125, "invalid USER mode", "--userns", "keep-id", "busybox", "true");

    /// <summary>A folder of the host may be on another file system at the next start.</summary>
    [Fact]
    public void Each_start_decides_anew()
    {
        string folder = store.HostFolder();
        string name = Sleep(flags: ["-v", $"{folder}:/v"]);
        Assert.Equal("private", Inspect(name, "{{.UserNamespace.Mode}}"));
        Tare.Succeed("stop", "-t", "0", name);

        using (Process.Start("mount", ["-t", "proc", "proc", folder]))
        {
        }

        Subject.Await(() => File.Exists($"{folder}/self/stat"));
        try
        {
            Outcome start = Tare.Run("start", name);
            Assert.Equal(0, start.ExitCode);
            Assert.StartsWith($"{Warning}{folder}: its file system (proc)", start.Error, StringComparison.Ordinal);
            Assert.Equal("host", Inspect(name, "{{.UserNamespace.Mode}}"));
            Tare.Succeed("stop", "-t", "0", name);
        }
        finally
        {
            Process.Start("umount", [folder]).WaitForExit();
        }

        Tare.Succeed("start", name);
        Assert.Equal("private ", Inspect(name, Whose));
    }

    [Fact]
    public void Kernel_parameters_limits_and_pings_are_as_in_docker()
    {
        Assert.Equal(
            "0\t65535\n0\n1\n17\n",
            store.Shell(
                "cat /proc/sys/net/ipv4/ping_group_range /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmni",
                "--sysctl", "net.ipv4.ip_forward=1", "--sysctl", "kernel.msgmni=17"));
        Assert.Equal("77\n88\n", store.Shell("ulimit -n; ulimit -Hn", "--ulimit", "nofile=77:88"));
        Assert.Equal("50\n60\n", Tare.Succeed("exec", Sleep(flags: ["--ulimit", "nofile=50:60"]), "sh", "-c", "ulimit -n; ulimit -Hn"));
        Assert.Equal("ro\n", store.Shell("grep ' /sys sysfs ' /proc/mounts | cut -d' ' -f4 | cut -d, -f1"));
    }

    [Fact]
    public void A_capability_that_reaches_only_the_host_is_told()
    {
        Outcome outcome = store.Run("--cap-add", "SYS_TIME", "--cap-add", "NET_ADMIN", "busybox", "true");

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("WARNING: SYS_TIME has no effect in a private user namespace", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("", store.Run("--userns", "host", "--cap-add", "SYS_TIME", "busybox", "true").Error);
    }

    private string Sleep(params string[] command) => Sleep([], command);

    private string Sleep(string[] flags, params string[] command)
    {
        string name = $"n{Guid.NewGuid():N}";
        string[] words = command.Length > 0 ? command : ["sleep", "1000"];
        Outcome run = Tare.Run(["run", "-d", "--name", name, .. flags, "busybox", .. words]);
        Assert.True(run.ExitCode == 0, run.Error);
        _made.Add(name);
        return name;
    }

    private string OnTerminal(string[] args) => Tare.RunOnTerminal(24, 80, args).Text.Replace("\r", "", StringComparison.Ordinal);

    private string Inspect(string name, string format) => Tare.Succeed("inspect", "-f", format, name).TrimEnd('\n');

    private static uint First(string map) => uint.Parse(Regex.Split(map.Trim(), " +")[1], CultureInfo.InvariantCulture);

    private static string Stat(string path)
    {
        using Process stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%u:%g %a", path]) { RedirectStandardOutput = true })!;
        string said = stat.StandardOutput.ReadToEnd().TrimEnd('\n');
        stat.WaitForExit();
        return said;
    }

    private static void Pack(string folder, string tar)
    {
        using Process pack = Process.Start("tar", ["-C", folder, "-cf", tar, "."]);
        pack.WaitForExit();
    }
}
