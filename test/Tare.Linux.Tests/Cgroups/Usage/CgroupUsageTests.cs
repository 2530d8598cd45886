// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Linux.Cgroups.Usage;

namespace Tare.Linux.Tests.Cgroups.Usage;

/// <summary>Over folders of plain files in place of the kernel's, with what the kernel wrote in them.</summary>
public sealed class CgroupUsageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-usage-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Time_of_processors_comes_from_two_controllers_of_v1()
    {
        Write("cpu/cpu.shares", "1024\n");
        Write("cpu/cpu.stat", "nr_periods 4\nnr_throttled 1\nthrottled_time 72524862\nnr_bursts 0\nburst_time 0\n");
        Write("cpuacct/cpuacct.usage", "34483551\n");
        Write("cpuacct/cpuacct.stat", "user 2\nsystem 1\n");
        Write("cpuacct/cpuacct.usage_percpu", "486116 33997435 \n");
        Write("cpuacct/cpuacct.usage_all", "cpu user system\n0 0 4000000\n1 32000000 5000000\n");

        // of every unified cgroup, with or without controllers
        Write("unified/cpu.stat", "usage_usec 99\nnr_periods 99\n");
        Write("unified/cpu.pressure", "some avg10=24.84 avg60=35.51 avg300=59.86 total=123\nfull avg10=0.00 avg60=0.50 avg300=0.00 total=9\n");

        CpuUsage cpu = V1("unified", "cpu", "cpuacct").Usage().Cpu;

        Assert.Equal((34483551UL, 10_000_000UL, 20_000_000UL), (cpu.Total, cpu.Kernel, cpu.User));
        Assert.Equal([486116, 33997435], cpu.PerProcessor);
        Assert.Equal([4000000, 5000000], cpu.PerProcessorKernel);
        Assert.Equal([0, 32000000], cpu.PerProcessorUser);
        Assert.Equal((4UL, 1UL, 72524862UL), (cpu.Periods, cpu.ThrottledPeriods, cpu.ThrottledTime));
        Assert.Equal(new Pressure(new(24.84, 35.51, 59.86, 123), new(0, 0.5, 0, 9)), cpu.Stalls);
    }

    [Fact]
    public void Time_of_processors_is_one_file_of_v2_in_microseconds()
    {
        Write("unified/cpu.stat", "usage_usec 1234\nuser_usec 1000\nsystem_usec 234\nnr_periods 3\nnr_throttled 2\nthrottled_usec 5\n");

        CpuUsage cpu = Unified().Usage().Cpu;

        Assert.Equal((1_234_000UL, 234_000UL, 1_000_000UL), (cpu.Total, cpu.Kernel, cpu.User));
        Assert.Equal((3UL, 2UL, 5000UL), (cpu.Periods, cpu.ThrottledPeriods, cpu.ThrottledTime));
        Assert.Empty(cpu.PerProcessor);
        Assert.Null(cpu.Stalls);
    }

    [Fact]
    public void V1_has_four_counters_of_memory()
    {
        string[] kinds = ["memory", "memory.memsw", "memory.kmem", "memory.kmem.tcp"];
        for (int i = 0; i < kinds.Length; i++)
        {
            Write($"memory/{kinds[i]}.usage_in_bytes", $"{i}1\n");
            Write($"memory/{kinds[i]}.max_usage_in_bytes", $"{i}2\n");
            Write($"memory/{kinds[i]}.failcnt", $"{i}3\n");
            Write($"memory/{kinds[i]}.limit_in_bytes", $"9223372036854771712\n");
        }

        Write("memory/memory.stat", "cache 4202496\nrss 53248\nhierarchical_memsw_limit 9223372036854771712\n");

        MemoryUsage memory = V1("memory").Usage().Memory;

        Assert.Equal(4202496u, memory.Cache);
        Assert.Equal(new(9223372036854771712, 1, 2, 3), memory.Usage);
        Assert.Equal(new(9223372036854771712, 11, 12, 13), memory.Swap);
        Assert.Equal(new(9223372036854771712, 21, 22, 23), memory.Kernel);
        Assert.Equal(new(9223372036854771712, 31, 32, 33), memory.KernelTcp);
        Assert.Equal(["cache", "rss", "hierarchical_memsw_limit"], memory.Raw.Select(pair => pair.Key));
    }

    [Theory]
    [InlineData("67108864", "4096", 67112960)]
    [InlineData("67108864", "max", ulong.MaxValue)]
    [InlineData("max", "max", ulong.MaxValue)]
    public void Swap_of_v2_is_told_with_memory_as_v1_counts(string limit, string swapLimit, ulong expected)
    {
        Write("unified/memory.current", "4096\n");
        Write("unified/memory.peak", "8192\n");
        Write("unified/memory.max", $"{limit}\n");
        Write("unified/memory.swap.current", "100\n");
        Write("unified/memory.swap.max", $"{swapLimit}\n");
        Write("unified/memory.stat", "anon 1\nfile 77\nkernel 5\n");
        Write("unified/memory.events", "low 0\nhigh 0\nmax 6\noom 3\noom_kill 2\n");

        MemoryUsage memory = Unified().Usage().Memory;

        Assert.Equal((77UL, 5UL), (memory.Cache, memory.Kernel.Usage));
        Assert.Equal((4096UL, 8192UL, 6UL), (memory.Usage.Usage, memory.Usage.Max, memory.Usage.Failures));
        Assert.Equal((expected, 4196UL), (memory.Swap.Limit, memory.Swap.Usage));
    }

    [Fact]
    public void V1_disks_are_those_of_who_counted_something()
    {
        Write("blkio/blkio.bfq.io_serviced_recursive", "Total 0\n");
        Write("blkio/blkio.throttle.io_service_bytes", "Total 0\n");
        Write("blkio/blkio.throttle.io_serviced_recursive", "254:0 Read 3\n254:0 Write 0\n254:0 Total 3\nTotal 3\n");
        Write("blkio/blkio.throttle.io_service_bytes_recursive", "254:0 Read 12288\n254:0 Write 0\n254:0 Total 12288\nTotal 12288\n");

        BlockIoUsage disks = V1("blkio").Usage().BlockIo;

        Assert.Equal(["ioServicedRecursive", "ioServiceBytesRecursive"], disks.Tables.Select(table => table.Key));
        Assert.Equal([new(254, 0, "Read", 12288), new(254, 0, "Write", 0), new(254, 0, "Total", 12288)], disks.Tables[1].Value);
    }

    [Fact]
    public void V2_disks_are_one_line_each()
    {
        Write("unified/io.stat", "8:0 rbytes=90 wbytes=4 rios=1 wios=2 dbytes=0 dios=0\nunknown\n8:16 \n");

        BlockIoUsage disks = Unified().Usage().BlockIo;

        Assert.Equal([new(8, 0, "Read", 90), new(8, 0, "Write", 4), new(8, 0, "Discard", 0)], disks.Tables[0].Value);
        Assert.Equal([new(8, 0, "Read", 1), new(8, 0, "Write", 2), new(8, 0, "Discard", 0)], disks.Tables[1].Value);
    }

    [Fact]
    public void Huge_pages_are_told_by_size_reservations_first()
    {
        Write("v1/hugetlb.2MB.usage_in_bytes", "1\n");
        Write("v1/hugetlb.2MB.rsvd.usage_in_bytes", "2097152\n");
        Write("v1/hugetlb.2MB.rsvd.max_usage_in_bytes", "4194304\n");
        Write("v1/hugetlb.2MB.rsvd.failcnt", "5\n");
        Write("v1/hugetlb.2MB.rsvd.limit_in_bytes", "9\n");
        Write("v1/hugetlb.1GB.usage_in_bytes", "0\n");
        Write("unified/hugetlb.2MB.current", "2097152\n");
        Write("unified/hugetlb.2MB.max", "max\n");
        Write("unified/hugetlb.2MB.events", "max 3\n");

        Assert.Equal(
            [new("1GB", default), new("2MB", new(9, 2097152, 4194304, 5))],
            V1("v1").Usage().Hugepages);
        Assert.Equal([new("2MB", new(ulong.MaxValue, 2097152, 0, 3))], Unified().Usage().Hugepages);
    }

    [Fact]
    public void Processors_and_settings_of_v1()
    {
        Write("cpuset/cpuset.cpus", "0-1,4\n");
        Write("cpuset/cpuset.mems", "0\n");
        Write("cpuset/cpuset.sched_load_balance", "1\n");
        Write("cpuset/cpuset.sched_relax_domain_level", "-1\n");

        CpusetUsage cpuset = V1("cpuset").Usage().Cpuset;

        Assert.Equal([0, 1, 4], cpuset.Cpus);
        Assert.Equal([0], cpuset.Mems);
        Assert.Contains(new("sched_relax_domain_level", -1), cpuset.Settings);
        Assert.Contains(new("cpu_exclusive", 0), cpuset.Settings);
    }

    [Theory]
    [InlineData("max", 0)]
    [InlineData("100", 100)]
    public void No_limit_of_processes_is_0(string limit, ulong expected)
    {
        Write("pids/pids.current", "7\n");
        Write("pids/pids.max", $"{limit}\n");

        CgroupUsage usage = V1("pids").Usage();

        Assert.Equal((7UL, expected), (usage.Processes, usage.ProcessLimit));
    }

    [Fact]
    public void What_is_gone_or_damaged_counts_as_nothing()
    {
        Write("x/cpuacct.usage", "-5\n");
        Write("x/cpu.pressure", "some\n");
        Write("x/memory.usage_in_bytes", "");
        Write("x/memory.stat", "cache\nrss 1 2\n");
        Write("x/io.stat", "a:b rbytes=1\n8 rbytes\n");
        Write("x/cpuset.sched_load_balance", "");
        Write("x/cpuset.cpus", "9-1\n");

        CgroupUsage usage = V1("x", "gone").Usage();

        Assert.Equal((0UL, 0UL), (usage.Cpu.Total, usage.Memory.Usage.Usage));
        Assert.Empty(usage.Memory.Raw);
        Assert.Empty(usage.BlockIo.Tables);
        Assert.Empty(usage.Cpuset.Cpus);
    }

    private Cgroup V1(params string[] directories) => new([.. directories.Select(name => $"{_folder}/{name}")]);

    private Cgroup Unified() => new([$"{_folder}/unified"]) { HasUnified = true };

    private void Write(string file, string text)
    {
        string path = $"{_folder}/{file}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
