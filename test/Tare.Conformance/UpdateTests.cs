// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary><c>update</c>: other limits, at once and for each later start.</summary>
public sealed class UpdateTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    private TareBinary Tare => store.Tare;

    [Theory]
    [InlineData("memory.limit_in_bytes", "memory.max", "104857600", "104857600", "{{.HostConfig.Memory}}", "104857600", "-m", "100m")]
    [InlineData("memory.soft_limit_in_bytes", "memory.low", "33554432", "33554432", "{{.HostConfig.MemoryReservation}}", "33554432", "--memory-reservation", "32m")]
    [InlineData("cpu.cfs_quota_us", "cpu.max", "50000", "50000 100000", "{{.HostConfig.NanoCpus}}", "500000000", "--cpus", "0.5")]
    [InlineData("cpu.cfs_quota_us", "cpu.max", "20000", "20000 40000", "{{.HostConfig.CpuQuota}}/{{.HostConfig.CpuPeriod}}", "20000/40000", "--cpu-quota", "20000", "--cpu-period", "40000")]
    [InlineData("cpu.shares", "cpu.weight", "2048", "174", "{{.HostConfig.CpuShares}}", "2048", "--cpu-shares", "2048")]
    [InlineData("cpuset.cpus", "cpuset.cpus", "0", "0", "{{.HostConfig.CpusetCpus}}", "0", "--cpuset-cpus", "0")]
    [InlineData("cpuset.mems", "cpuset.mems", "0", "0", "{{.HostConfig.CpusetMems}}", "0", "--cpuset-mems", "0")]
    [InlineData("pids.max", "pids.max", "17", "17", "{{.HostConfig.PidsLimit}}", "17", "--pids-limit", "17")]
    [InlineData("pids.max", "pids.max", "max", "max", "{{.HostConfig.PidsLimit}}", "-1", "--pids-limit", "-1")]
    public void A_limit_is_in_the_cgroup_at_once_and_after_a_restart(
        string fileV1, string fileV2, string valueV1, string valueV2, string format, string shown, params string[] flags)
    {
        string name = $"updated-{Guid.NewGuid():N}";
        Tare.Succeed("run", "-d", "--name", name, "-m", "64m", "--pids-limit", "99", "busybox", "sleep", "1000");
        try
        {
            Assert.Equal($"{name}\n", Tare.Succeed(["update", .. flags, name]));
            AssertLimit();
            Assert.Equal($"{shown}\n", Tare.Succeed("inspect", "-f", format, name));
            Tare.Succeed("restart", "-t", "0", name);
            AssertLimit();
        }
        finally
        {
            Tare.Succeed("rm", "-f", name);
        }

        void AssertLimit()
        {
            int pid = int.Parse(Tare.Succeed("inspect", "-f", "{{.State.Pid}}", name).Trim());
            (string? value, string expected) = CgroupFile.Find(pid, fileV1) is { } v1 ? (v1, valueV1) : (CgroupFile.Find(pid, fileV2), valueV2);
            Assert.Equal(expected, value);
        }
    }

    [Fact]
    public void One_that_does_not_run_has_it_at_its_start_and_several_are_each_named()
    {
        Tare.Succeed("create", "--name", "idle", "busybox", "sh", "-c", "exec sleep 1000");
        Tare.Succeed("create", "--name", "beside", "busybox", "true");

        Outcome outcome = Tare.Run("container", "update", "--pids-limit", "23", "idle", "missing", "beside");

        Assert.Equal((1, "idle\nbeside\n"), (outcome.ExitCode, outcome.Text));
        Assert.Contains("No such container: missing", outcome.Error, StringComparison.Ordinal);
        Tare.Succeed("start", "idle");
        int pid = int.Parse(Tare.Succeed("inspect", "-f", "{{.State.Pid}}", "idle").Trim());
        Assert.Equal("23", CgroupFile.Find(pid, "pids.max"));
        Tare.Succeed("rm", "-f", "idle", "beside");
    }

    [Theory]
    [InlineData(1, "you must provide one or more flags when using this command")]
    [InlineData(1, "no restart policies yet", "--restart", "always")]
    [InlineData(1, "minimum memory limit allowed is 6MB", "-m", "1m")]
    [InlineData(1, "Memory limit should be smaller than already set memoryswap limit", "-m", "200m")]
    [InlineData(1, "CPU Period cannot be updated as NanoCPUs has already been set", "--cpu-period", "50000")]
    [InlineData(1, "range of CPUs is from 0.01", "--cpus", "4000")]
    [InlineData(1, "cannot update container", "--cpuset-cpus", "4095")]
    [InlineData(1, "range of blkio weight is from 10 to 1000", "--blkio-weight", "5")]
    [InlineData(125, "invalid argument", "--pids-limit", "many")]
    public void What_cannot_be_is_refused_and_nothing_changes(int code, string words, params string[] flags)
    {
        string name = $"refused-{Guid.NewGuid():N}";
        Tare.Succeed("run", "-d", "--name", name, "-m", "64m", "--cpus", "0.5", "busybox", "sleep", "1000");
        try
        {
            string before = Tare.Succeed("inspect", name);

            Outcome outcome = Tare.Run(["update", .. flags, name]);

            Assert.True(
                outcome.ExitCode == code && outcome.Error.Contains(words, StringComparison.OrdinalIgnoreCase), $"{outcome.ExitCode}: {outcome.Error}");
            Assert.Equal(before, Tare.Succeed("inspect", name));
            Assert.Equal(0, Tare.Run("system", "check", "--quick").ExitCode);
        }
        finally
        {
            Tare.Succeed("rm", "-f", name);
        }
    }
}
