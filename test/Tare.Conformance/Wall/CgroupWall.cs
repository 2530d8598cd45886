// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Limits that do not hold because a process is somewhere else.</summary>
public sealed class CgroupWall(Ground ground) : WallTests(ground)
{
    private const string Hungry = "exec dd if=/dev/zero of=/dev/null bs=96M count=1";

    [Fact]
    public void CVE_2025_47291_Every_process_is_in_the_containers_cgroups_in_each_hierarchy()
    {
        string name = Subject.Sleeper("-m", "32m", "--pids-limit", "50");
        string id = Subject.Look(name, "{{.Id}}");
        using Conversation further = Subject.Start("exec", name, "sh", "-c", "echo ready; sleep 1000");
        further.Expect("ready");
        string main = File.ReadAllText($"/proc/{Subject.Look(name, "{{.State.Pid}}")}/cgroup");

        // the numbers of one's own host are in no container's procfs
        string[] members = File.ReadAllLines($"{MemoryFolder(main)}/cgroup.procs");
        Assert.True(members.Length >= 2, $"{members.Length} processes");
        foreach (string process in members)
        {
            Assert.Equal(main, File.ReadAllText($"/proc/{process}/cgroup"));
        }

        // docker does without the unified hierarchy where there are others
        string[] wanted = ["memory", "pids", "devices", "freezer", "cpu", Subject.Reference is null ? "" : "memory"];
        foreach (string[] line in main.TrimEnd().Split('\n').Select(line => line.Split(':')))
        {
            Assert.True(
                !wanted.Intersect(line[1].Split(',')).Any() || line[2].Contains(id, StringComparison.Ordinal), string.Join(':', line));
        }
    }

    [Fact]
    public void CVE_2025_47291_A_limit_is_enforced_on_each_process()
    {
        string name = Subject.Sleeper("-m", "32m", "--memory-swap", "32m");

        Assert.Equal(137, Ground.Run("-m", "32m", "--memory-swap", "32m", Subject.Image, "sh", "-c", Hungry).ExitCode);
        Assert.Equal(137, Ground.Exec(name, "sh", "-c", Hungry).ExitCode);
        Assert.Equal(0, Ground.Run(Subject.Image, "sh", "-c", Hungry).ExitCode);
    }

    /// <summary>A container does not move itself.</summary>
    [Fact]
    public void CVE_2025_47291_CVE_2022_0492_A_process_does_not_leave_its_cgroups()
    {
        const string Leave =
            "for f in $(find /sys/fs/cgroup -name cgroup.procs -o -name tasks -o -name '*limit_in_bytes' -o -name pids.max); do " +
            "(echo 0 >$f) 2>/dev/null && echo wrote $f; done; mkdir /sys/fs/cgroup/memory/x /sys/fs/cgroup/x 2>/dev/null && echo made; true";

        Assert.Equal("", Ground.Shell(Leave));
        Assert.Equal("", Ground.ShellIn(Subject.Sleeper(), Leave, "--privileged"));
    }

    private static string MemoryFolder(string cgroups)
    {
        string own = cgroups.Split('\n').First(line => line.Contains(":memory:", StringComparison.Ordinal) || line.StartsWith("0::", StringComparison.Ordinal));
        string mount = File.ReadLines("/proc/self/mounts").Select(line => line.Split(' '))
            .First(words => own.StartsWith("0::", StringComparison.Ordinal) ? words[2] == "cgroup2" : words[2] == "cgroup" && words[3].Split(',').Contains("memory"))[1];
        return mount + own.Split(':', 3)[2];
    }
}
