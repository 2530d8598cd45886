// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>The limits of <c>tare run</c>, looked at from the host and felt inside.</summary>
[Trait("ring", "kernel")]
public sealed class RunLimitTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    [Theory]
    [InlineData("memory.limit_in_bytes", "memory.max", "67108864", "67108864", "-m", "64m")]
    [InlineData("memory.memsw.limit_in_bytes", "memory.swap.max", "134217728", "67108864", "-m", "64m")]
    [InlineData("cpu.cfs_quota_us", "cpu.max", "50000", "50000 100000", "--cpus", "0.5")]
    [InlineData("cpu.shares", "cpu.weight", "2048", "174", "--cpu-shares", "2048")]
    [InlineData("cpuset.cpus", "cpuset.cpus", "0", "0", "--cpuset-cpus", "0")]
    [InlineData("pids.max", "pids.max", "17", "17", "--pids-limit", "17")]
    public void A_limit_is_in_the_cgroup(string fileV1, string fileV2, string valueV1, string valueV2, params string[] flags)
    {
        string name = $"limited-{Guid.NewGuid():N}";
        using Conversation run = store.Tare.Start(
            TareBinary.Path, ["run", "--rm", "-i", "--name", name, .. flags, "busybox", "sh", "-c", "echo ready; cat"]);
        run.Expect("ready");
        int pid = int.Parse(store.Tare.Succeed("inspect", "-f", "{{.State.Pid}}", name).Trim());

        (string? value, string expected) = CgroupFile.Find(pid, fileV1) is { } v1 ? (v1, valueV1) : (CgroupFile.Find(pid, fileV2), valueV2);
        run.Close();

        Assert.Equal(0, run.End().ExitCode);
        Assert.SkipWhen(value is null && fileV1.Contains("memsw", StringComparison.Ordinal), "this kernel does not account swap");
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Too_much_memory_is_137_and_recorded()
    {
        Outcome outcome = store.Tare.Run(
            "run", "--name", "greedy", "-m", "16m", "busybox", "sh", "-c", "x=x; while :; do x=$x$x; done");

        Assert.Equal(137, outcome.ExitCode);
        Assert.Equal(
            "exited 137 true\n", store.Tare.Succeed("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}", "greedy"));
        store.Tare.Succeed("rm", "greedy");
    }

    [Fact]
    public void Too_many_processes_are_refused()
    {
        Outcome outcome = store.Run("--pids-limit", "5", "--init", "busybox", "sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done");

        Assert.Contains("can't fork", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_process_of_a_container_is_in_its_cgroup()
    {
        Assert.Equal("0\n", store.Shell("sh -c 'sh -c \"cat /proc/self/cgroup\"' | grep -v ':/$' | wc -l"));
    }
}
