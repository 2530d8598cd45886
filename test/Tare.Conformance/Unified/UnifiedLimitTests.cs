// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Unified;

/// <summary>Resources of a spec as files of cgroup v2: at the creation, and when they are changed.</summary>
[Trait("ring", "unified")]
public sealed class UnifiedLimitTests : IDisposable
{
    private readonly UnifiedGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData("memory.max", "67108864", """{"memory": {"limit": 67108864}}""")]
    [InlineData("memory.swap.max", "33554432", """{"memory": {"limit": 67108864, "swap": 100663296}}""")]
    [InlineData("memory.swap.max", "max", """{"memory": {"limit": 67108864, "swap": -1}}""")]
    [InlineData("memory.low", "33554432", """{"memory": {"limit": 67108864, "reservation": 33554432}}""")]
    [InlineData("cpu.weight", "100", """{"cpu": {"shares": 1024}}""")]
    [InlineData("cpu.weight", "1", """{"cpu": {"shares": 2}}""")]
    [InlineData("cpu.weight", "10000", """{"cpu": {"shares": 262144}}""")]
    [InlineData("cpu.max", "20000 50000", """{"cpu": {"quota": 20000, "period": 50000}}""")]
    [InlineData("cpu.max", "20000 100000", """{"cpu": {"quota": 20000}}""")]
    [InlineData("cpu.max.burst", "10000", """{"cpu": {"quota": 20000, "burst": 10000}}""")]
    [InlineData("cpu.idle", "1", """{"cpu": {"idle": 1}}""")]
    [InlineData("cpuset.cpus", "0", """{"cpu": {"cpus": "0"}}""")]
    [InlineData("cpuset.mems", "0", """{"cpu": {"mems": "0"}}""")]
    [InlineData("pids.max", "33", """{"pids": {"limit": 33}}""")]
    [InlineData("pids.max", "max", """{"pids": {"limit": -1}}""")]
    [InlineData("io.weight", "default 4950", """{"blockIO": {"weight": 500}}""")]
    [InlineData("hugetlb.2MB.max", "4194304", """{"hugepageLimits": [{"pageSize": "2MB", "limit": 4194304}]}""")]
    [InlineData("hugetlb.2MB.rsvd.max", "4194304", """{"hugepageLimits": [{"pageSize": "2MB", "limit": 4194304}]}""")]
    [InlineData("memory.high", "33554432", """{"unified": {"memory.high": "33554432"}}""")]
    [InlineData("memory.oom.group", "1", """{"unified": {"memory.oom.group": "1"}}""")]
    [InlineData("cpu.weight", "77", """{"cpu": {"shares": 1024}, "unified": {"cpu.weight": "77"}}""")]
    public void A_limit_is_in_its_file_from_the_start_and_after_an_update(string file, string value, string resources)
    {
        string id = _ground.Run("sleep 1000", UnifiedGround.With(resources));
        Assert.Equal(value, _ground.Read(id, file));

        string other = _ground.Run("sleep 1000");
        _ground.Update(other, resources);
        Assert.Equal(value, _ground.Read(other, file));
    }

    [Fact]
    public void Rates_of_a_disk_are_in_one_line()
    {
        string disk = File.ReadAllText("/sys/block/vda/dev").Trim();
        string[] number = disk.Split(':');
        string Rate(string name, int rate) => $$"""
            {"blockIO": {"{{name}}": [{"major": {{number[0]}}, "minor": {{number[1]}}, "rate": {{rate}} }]} }
            """;
        string id = _ground.Run("sleep 1000", UnifiedGround.With(Rate("throttleReadBpsDevice", 1048576)));
        Assert.Equal($"{disk} rbps=1048576 wbps=max riops=max wiops=max", _ground.Read(id, "io.max"));

        _ground.Update(id, Rate("throttleWriteIOPSDevice", 100));
        Assert.Equal($"{disk} rbps=1048576 wbps=max riops=max wiops=100", _ground.Read(id, "io.max"));

        _ground.Update(id, Rate("throttleReadBpsDevice", 0));
        Assert.Equal($"{disk} rbps=max wbps=max riops=max wiops=100", _ground.Read(id, "io.max"));
    }

    [Fact]
    public void Memory_is_raised_lowered_and_let_go()
    {
        string id = _ground.Run("sleep 1000", UnifiedGround.With("""{"memory": {"limit": 67108864, "swap": 67108864}}"""));
        Assert.Equal(("67108864", "0"), (_ground.Read(id, "memory.max"), _ground.Read(id, "memory.swap.max")));

        _ground.Oci.Succeed("update", "--memory", "128m", "--memory-swap", "192m", id);
        Assert.Equal(("134217728", "67108864"), (_ground.Read(id, "memory.max"), _ground.Read(id, "memory.swap.max")));

        _ground.Oci.Succeed("update", "--memory-swap", "136m", id);
        Assert.Equal(("134217728", "8388608"), (_ground.Read(id, "memory.max"), _ground.Read(id, "memory.swap.max")));

        _ground.Oci.Succeed("update", "--memory", "-1", id);
        Assert.Equal(("max", "max"), (_ground.Read(id, "memory.max"), _ground.Read(id, "memory.swap.max")));
    }

    [Fact]
    public void What_is_not_asked_for_stays()
    {
        string id = _ground.Run("sleep 1000", UnifiedGround.With("""{"cpu": {"quota": 20000, "period": 50000, "shares": 2048}, "pids": {"limit": 40}}"""));

        _ground.Oci.Succeed("update", "--cpu-period", "40000", id);
        Assert.Equal("20000 40000", _ground.Read(id, "cpu.max"));
        _ground.Oci.Succeed("update", "--cpu-quota", "-1", id);

        Assert.Equal(("max 40000", "174", "40"), (_ground.Read(id, "cpu.max"), _ground.Read(id, "cpu.weight"), _ground.Read(id, "pids.max")));
    }

    [Theory]
    [InlineData("memory and swap together", """{"memory": {"limit": 67108864, "swap": 1024}}""")]
    [InlineData("real time", """{"cpu": {"realtimeRuntime": 1000}}""")]
    [InlineData("TCP memory", """{"memory": {"limit": 67108864, "kernelTCP": 1024}}""")]
    [InlineData("NetClass controller", """{"network": {"classID": 1}}""")]
    [InlineData("no nosuch.max", """{"unified": {"nosuch.max": "1"}}""")]
    [InlineData("no memory.nosuch", """{"unified": {"memory.nosuch": "1"}}""")]
    [InlineData("'cgroup.procs'", """{"unified": {"cgroup.procs": "1"}}""")]
    [InlineData("rdma.max", """{"rdma": {"mlx5_0": {"hcaHandles": 1}}}""")]
    public void What_the_kernel_cannot_limit_is_refused_and_leaves_nothing(string words, string resources)
    {
        string id = _ground.Oci.NewId();
        _ground.Oci.Configure("true", UnifiedGround.With(resources));

        Outcome outcome = _ground.Oci.RunToFiles("create", "--bundle", _ground.Oci.Bundle, id);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{_ground.Oci.Root}/{id}"));
        Assert.False(Directory.Exists($"{UnifiedGround.Mount}/tare-oci/{id}"));
    }

    [Fact]
    public void Memory_over_the_limit_is_told_at_once_by_events()
    {
        string id = _ground.Run(
            "while ! [ -e /go ]; do sleep 0.1; done; tail /dev/zero; sleep 1000",
            UnifiedGround.With("""{"memory": {"limit": 16777216, "swap": 16777216}}"""));
        using Conversation events = _ground.Oci.Start("events", "--interval", "1000s", id);
        events.Expect("\"stats\"");

        File.WriteAllText($"{_ground.Oci.Bundle}/rootfs/go", "");

        // long before the next look at the numbers
        events.Expect("\"oom\"");
        Assert.Equal("running", _ground.Oci.Status(id));
        Assert.Contains("oom_kill 1", _ground.Read(id, "memory.events"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_numbers_of_events_are_those_of_the_kernel()
    {
        string id = _ground.Run("head -c 10000000 /dev/zero | md5sum; sleep 1000 & sleep 1000", UnifiedGround.With("""{"memory": {"limit": 67108864}}"""));
        Subject.Await(() => _ground.Read(id, "pids.current") == "3");

        JsonNode data = JsonNode.Parse(_ground.Oci.Succeed("events", "--stats", id))!["data"]!;

        Assert.Equal(3, (int)data["pids"]!["current"]!);
        Assert.InRange((long)data["memory"]!["usage"]!["usage"]!, 1, 67108864);
        Assert.InRange((long)data["memory"]!["usage"]!["max"]!, (long)data["memory"]!["usage"]!["usage"]!, 67108864);
        Assert.True((long)data["cpu"]!["usage"]!["total"]! > 0);
    }
}
