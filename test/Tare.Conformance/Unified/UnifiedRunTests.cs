// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Unified;

/// <summary><c>tare run</c> on a machine with cgroup v2 alone.</summary>
[Trait("ring", "unified")]
public sealed class UnifiedRunTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    [Fact]
    public void The_machine_is_told_to_be_of_version_2() =>
        Assert.Equal("2\n", store.Tare.Succeed("info", "--format", "{{.CgroupVersion}}"));

    [Fact]
    public void A_container_is_in_one_cgroup_which_goes_with_it()
    {
        string name = Sleeper();
        int pid = Pid(name);
        string cgroup = UnifiedGround.CgroupOf(pid);
        Assert.Equal($"{pid}", File.ReadAllText($"{cgroup}/cgroup.procs").Trim());

        store.Tare.Succeed("rm", "-f", name);

        Assert.False(Directory.Exists(cgroup));
    }

    [Fact]
    public void Exec_goes_where_an_init_is_that_manages_cgroups()
    {
        string name = Sleeper(
            "cd /sys/fs/cgroup && mkdir init.scope && echo 0 > init.scope/cgroup.procs && echo +pids > cgroup.subtree_control && exec sleep 1000",
            "--privileged");
        Subject.Await(() => File.ReadAllText($"/proc/{Pid(name)}/comm") == "sleep\n");

        Assert.Equal("0::/init.scope\n", store.Tare.Succeed("exec", name, "cat", "/proc/self/cgroup"));
        Assert.Contains("sleep 1000", store.Tare.Succeed("top", name), StringComparison.Ordinal);
        store.Tare.Succeed("pause", name);
        Assert.Equal("paused\n", store.Tare.Succeed("inspect", "-f", "{{.State.Status}}", name));
        store.Tare.Succeed("unpause", name);
        store.Tare.Succeed("rm", "-f", name);
    }

    [Fact]
    public void A_privileged_users_cgroup_is_its_own()
    {
        string name = Sleeper("exec sleep 1000", "--privileged", "--user", "1000");

        Assert.Equal("/init.scope\n", store.Tare.Succeed(
            "exec", name, "sh", "-c", "cd /sys/fs/cgroup && mkdir init.scope && echo 0 > init.scope/cgroup.procs && cut -d : -f 3 /proc/self/cgroup"));
        store.Tare.Succeed("rm", "-f", name);
    }

    [Fact]
    public void The_store_is_clean_afterwards()
    {
        store.Run("-m", "64m", "busybox", "true");

        Assert.StartsWith("clean", store.Tare.Succeed("system", "check"), StringComparison.Ordinal);
    }

    private string Sleeper(string script = "exec sleep 1000", params string[] flags)
    {
        string name = $"unified-{Guid.NewGuid():N}";
        store.Tare.Succeed(["run", "-d", "--name", name, .. flags, "busybox", "sh", "-c", script]);
        return name;
    }

    private int Pid(string name) => int.Parse(
        store.Tare.Succeed("inspect", "-f", "{{.State.Pid}}", name), System.Globalization.CultureInfo.InvariantCulture);
}
