// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Conformance;

/// <summary><c>--cgroup-parent</c>: where a container's cgroups are, what holds for them there, and that all verbs find them.</summary>
[Trait("ring", "kernel")]
public sealed class CgroupParentTests : IClassFixture<BusyboxStore>, IDisposable
{
    private readonly BusyboxStore _store;

    /// <summary>Of this test alone.</summary>
    private readonly string _parent = $"tare-conformance-{Guid.NewGuid():N}";

    public CgroupParentTests(BusyboxStore store) => _store = store;

    private TareBinary Tare => _store.Tare;

    private static IEnumerable<string> Mounts =>
        from line in File.ReadAllLines("/proc/self/mounts")
        let words = line.Split(' ')
        where words[2] is "cgroup" or "cgroup2"
        select words[1];

    /// <summary>The directories of this test, in all hierarchies, those above first.</summary>
    private IEnumerable<string> Directories =>
        from mount in Mounts
        from top in Directory.GetDirectories(mount, $"{_parent}*")
        from directory in Directory.GetDirectories(top, "*", SearchOption.AllDirectories).Prepend(top)
        select directory;

    public void Dispose()
    {
        foreach (string directory in Directories.Reverse().ToArray())
        {
            Directory.Delete(directory);
        }
    }

    [Fact]
    public void All_cgroups_of_a_container_are_below_the_parent_which_stays()
    {
        Tare.Succeed("create", "--name", "below", "--network", "none", "--cgroup-parent", $"/{_parent}/x/", "busybox", "sleep", "1000");
        Assert.Equal($"/{_parent}/x/\n", Tare.Succeed("inspect", "-f", "{{.HostConfig.CgroupParent}}", "below"));
        Tare.Succeed("start", "below");
        string[] words = Tare.Succeed("inspect", "-f", "{{.Id}} {{.State.Pid}}", "below").Trim().Split(' ');

        Assert.All(PathsOf(words[1]), path => Assert.Equal($"/{_parent}/x/{words[0]}", path));
        Assert.StartsWith("clean: ", Tare.Succeed("system", "check", "--quick"), StringComparison.Ordinal);
        Tare.Succeed("rm", "-f", "below");

        Assert.Equal(Mounts.Count() * 2, Directories.Count());
        Assert.All(Directories, directory => Assert.DoesNotContain(words[0], directory, StringComparison.Ordinal));
        Assert.Equal("\n", Inspected("busybox", "true"));
    }

    [Fact]
    public void A_relative_one_begins_where_the_command_is()
    {
        string ours = $"{_parent}-ours";
        string[] own = [.. Mounts.Select(mount => $"{mount}/{ours}")];
        foreach (string directory in own)
        {
            Directory.CreateDirectory(directory);
            Copy(Path.GetDirectoryName(directory)!, directory, "cpuset.mems");
            Copy(Path.GetDirectoryName(directory)!, directory, "cpuset.cpus");
        }

        bool isUnifiedAlone = own.Length == 1;
        string move = string.Join("; ", own.Select(static directory => $"echo $$ > {directory}/cgroup.procs"));
        using Conversation run = Tare.Start(
            "sh", "-ec", $"{move}; exec {TareBinary.Path} run --rm -i --name relative --network none --cgroup-parent {_parent}.slice busybox sh -c 'echo ready; cat'");
        run.Expect("ready");
        string[] words = Tare.Succeed("inspect", "-f", "{{.Id}} {{.State.Pid}}", "relative").Trim().Split(' ');
        string[] paths = PathsOf(words[1]);
        run.Close();

        Assert.Equal(0, run.End().ExitCode);
        Assert.All(paths, path => Assert.Equal($"{(isUnifiedAlone ? "" : $"/{ours}")}/{_parent}.slice/{words[0]}", path));
        Leftovers.AssertNone(Tare);
    }

    [Fact]
    public void What_the_parent_may_have_holds_for_the_container()
    {
        Assert.Equal(0, _store.Run("--network", "none", "--cgroup-parent", $"/{_parent}", "busybox", "true").ExitCode);
        string pids = Directories.FirstOrDefault(static directory => File.Exists($"{directory}/pids.max"))!;
        Assert.SkipWhen(pids is null, "no pids controller");
        File.WriteAllText($"{pids}/pids.max", "4");

        Outcome many = _store.Run("--network", "none", "--cgroup-parent", $"/{_parent}", "busybox", "sh", "-c", "for i in 1 2 3 4 5 6; do sleep 1 & done");

        Assert.Contains("can't fork", many.Error, StringComparison.Ordinal);
        Assert.Equal("", _store.Run("--network", "none", "busybox", "sh", "-c", "for i in 1 2 3 4 5 6; do true & done").Error);
    }

    [Fact]
    public void Every_verb_finds_the_container_there()
    {
        Tare.Succeed("run", "-d", "--name", "found", "--network", "none", "--cgroup-parent", $"/{_parent}", "busybox", "sleep", "1000");
        int pid = Pid("found");

        Assert.Equal("0\n", Tare.Succeed("exec", "found", "sh", "-c", "cat /proc/self/cgroup | grep -v ':/$' | wc -l"));
        Assert.Contains("sleep 1000", Tare.Succeed("top", "found"), StringComparison.Ordinal);
        Tare.Succeed("update", "--pids-limit", "33", "found");
        Assert.Equal("33", CgroupFile.Find(pid, "pids.max"));
        Tare.Succeed("pause", "found");
        Assert.Equal("paused\n", Tare.Succeed("inspect", "-f", "{{.State.Status}}", "found"));
        Tare.Succeed("unpause", "found");

        Conversation.Signal("KILL", Keepers.Of(Tare, "found"));
        Assert.Equal("inside\n", Tare.Succeed("exec", "found", "echo", "inside"));
        Tare.Succeed("restart", "-t", "0", "found");
        Assert.All(PathsOf($"{Pid("found")}"), path => Assert.StartsWith($"/{_parent}/", path, StringComparison.Ordinal));
        Tare.Succeed("kill", "found");
        Subject.Await(() => Tare.Succeed("inspect", "-f", "{{.State.Status}}", "found") == "exited\n");
        Tare.Succeed("rm", "found");
        Leftovers.AssertNone(Tare);
    }

    /// <summary>Whatever dies in whatever order, the next command knows where to look.</summary>
    [Fact]
    public void Nothing_is_forgotten_when_starter_and_keeper_are_killed()
    {
        using Conversation run = Tare.Start(
            TareBinary.Path, "run", "--rm", "--name", "lost", "--network", "none", "--cgroup-parent", $"/{_parent}", "busybox", "sh", "-c", "echo up; sleep 1000");
        run.Expect("up");
        int pid = Pid("lost");
        int keeper = Keepers.Of(Tare, "lost");
        run.Signal("KILL");
        Conversation.Signal("KILL", keeper);
        Conversation.Signal("KILL", pid);

        Subject.Await(() => Keepers.Field(pid, "State") is null);
        Outcome check = Tare.Run("system", "check");
        Assert.True(check.ExitCode == 0 || check.Text.Contains("cgroup ", StringComparison.Ordinal), check.Text);
        Tare.Run("system", "check", "--repair");

        Assert.StartsWith("clean: ", Tare.Succeed("system", "check"), StringComparison.Ordinal);
        Leftovers.AssertNone(Tare);
        Assert.Equal(Mounts.Count(), Directories.Count());
    }

    [Theory]
    [InlineData("/a/../../b", "it leads out of the tree of cgroups")]
    [InlineData("..", "it leads out of the tree of cgroups")]
    [InlineData("/PARENT/cgroup.procs/x", "cgroup parent \"/PARENT/cgroup.procs/x\": ")]
    public void What_cannot_be_is_refused(string parent, string message)
    {
        _store.Refuses(
            125,
            message.Replace("PARENT", _parent, StringComparison.Ordinal),
            "--network", "none", "--cgroup-parent", parent.Replace("PARENT", _parent, StringComparison.Ordinal), "busybox", "true");
        Assert.Empty(Directories);
        Leftovers.AssertNone(Tare);
    }

    [Fact]
    public void The_configuration_has_one_for_all()
    {
        string config = Path.Combine(_store.HostFolder(), "config.json");
        File.WriteAllText(config, $$"""{"cgroup-parent": "/{{_parent}}"}""");

        Assert.Equal($"/{_parent}\n", Inspected("--config", config, "busybox", "true"));
        Assert.Equal($"/{_parent}/own\n", Inspected("--config", config, "--cgroup-parent", $"/{_parent}/own", "busybox", "true"));
    }

    /// <summary>What <c>create</c> writes down.</summary>
    private string Inspected(params string[] args)
    {
        string[] ours = args is ["--config", var file, ..] ? ["--config", file] : [];
        string id = Tare.Succeed([.. ours, "create", .. args.Skip(ours.Length)]).Trim();
        string parent = Tare.Succeed("inspect", "-f", "{{.HostConfig.CgroupParent}}", id);
        Tare.Succeed("rm", id);
        return parent;
    }

    private int Pid(string name) =>
        int.Parse(Tare.Succeed("inspect", "-f", "{{.State.Pid}}", name).Trim(), CultureInfo.InvariantCulture);

    /// <summary>Where a process is, in each hierarchy that is mounted.</summary>
    private static string[] PathsOf(string pid) =>
        [.. File.ReadAllLines($"/proc/{pid}/cgroup").Select(static line => line.Split(':', 3)).Where(static words => IsMounted(words[1])).Select(static words => words[2])];

    private static bool IsMounted(string controllers) => File.ReadAllLines("/proc/self/mounts").Select(static line => line.Split(' ')).Any(
        words => controllers.Length == 0 ? words[2] == "cgroup2" : words[2] == "cgroup" && $",{words[3]},".Contains($",{controllers},", StringComparison.Ordinal));

    private static void Copy(string from, string to, string file)
    {
        if (File.Exists($"{to}/{file}") && File.Exists($"{from}/{file}"))
        {
            File.WriteAllText($"{to}/{file}", File.ReadAllText($"{from}/{file}"));
        }
    }
}
