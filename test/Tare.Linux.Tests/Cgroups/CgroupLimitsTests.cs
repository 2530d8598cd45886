// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;

namespace Tare.Linux.Tests.Cgroups;

/// <summary>Over a folder of plain files in place of the kernel's.</summary>
public sealed class CgroupLimitsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-cgroup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void V2_gets_its_own_files_and_units()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("cpu cpuset memory pids io");

        host.Apply(cgroup, new()
        {
            Memory = 64 << 20,
            MemoryAndSwap = 128 << 20,
            MemoryReservation = 32 << 20,
            MemorySwappiness = 10,
            CpuShares = 1024,
            CpuQuota = 50_000,
            CpusetCpus = "0-1",
            Pids = 100,
        });

        Assert.Equal("67108864", Read("memory.max"));
        Assert.Equal("67108864", Read("memory.swap.max"));
        Assert.Equal("33554432", Read("memory.low"));
        Assert.Equal("100", Read("cpu.weight"));
        Assert.Equal("50000 100000", Read("cpu.max"));
        Assert.Equal("0-1", Read("cpuset.cpus"));
        Assert.Equal("", Read("cpuset.mems"));
        Assert.Equal("100", Read("pids.max"));
    }

    [Fact]
    public void Minus_one_is_max_on_v2()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("cpu memory pids");

        host.Apply(cgroup, new() { Memory = -1, MemoryAndSwap = -1, CpuQuota = -1, CpuPeriod = 20_000, Pids = -1 });

        Assert.Equal("max", Read("memory.max"));
        Assert.Equal("max", Read("memory.swap.max"));
        Assert.Equal("max 20000", Read("cpu.max"));
        Assert.Equal("max", Read("pids.max"));
    }

    [Theory]
    [InlineData(64, 63)]
    [InlineData(-1, 64)]
    [InlineData(null, 64)]
    public void Memory_and_swap_together_are_no_less_than_memory_alone(int? memory, int together)
    {
        (CgroupHost host, Cgroup cgroup) = Unified("memory");
        Write("memory.max", "max\n");

        LinuxException e = Assert.Throws<LinuxException>(
            () => host.Apply(cgroup, new() { Memory = memory, MemoryAndSwap = together }));

        Assert.Equal(Errno.EINVAL, e.Errno);
        Assert.Equal("", Read("memory.swap.max"));
    }

    [Fact]
    public void A_limit_of_both_counts_from_the_memory_limit_that_is_there()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("memory");
        Write("memory.max", "4096\n");

        host.Apply(cgroup, new() { MemoryAndSwap = 12288 });

        Assert.Equal("8192", Read("memory.swap.max"));
    }

    [Fact]
    public void Without_a_limit_of_memory_there_is_none_of_swap()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("memory");

        host.Apply(cgroup, new() { Memory = -1 });

        Assert.Equal("max", Read("memory.swap.max"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("memory", "/init.scope")]
    public void A_process_is_born_beside_its_neighbour_where_the_cgroup_may_have_none(string handsDown, string place)
    {
        (_, Cgroup cgroup) = Unified("memory");
        string below = Directory.CreateDirectory($"{Leaf}/init.scope").FullName;
        Directory.CreateDirectory($"{Leaf}/system.slice");
        Write("cgroup.subtree_control", handsDown + "\n");
        File.WriteAllText($"{below}/cgroup.procs", "41\n42\n");

        Assert.Equal(Leaf + place, cgroup.BirthPlace(42));
        Assert.Equal(Leaf, cgroup.BirthPlace(43));
    }

    [Fact]
    public void What_was_not_asked_for_is_not_written()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("cpu cpuset memory pids");

        host.Apply(cgroup, CgroupLimits.None);

        Assert.All(Directory.GetFiles(Leaf), file => Assert.Equal("", File.ReadAllText(file)));
    }

    [Fact]
    public void A_limit_without_its_controller_is_refused_by_name()
    {
        (CgroupHost host, _) = Unified("cpu pids");
        CgroupLimits limits = new() { Memory = 64 << 20 };

        Assert.Equal(
            "this machine has no memory cgroup controller, which the limit needs", CgroupLimitsCheck.Problem(limits, host));
        LinuxException e = Assert.Throws<LinuxException>(() => host.Create("parent", "other", limits));
        Assert.Equal(Errno.EOPNOTSUPP, e.Errno);
        Assert.False(Directory.Exists(Path.Combine(_folder, "parent", "other")));
    }

    [Fact]
    public void Weights_and_rates_of_devices_are_converted_for_v2()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("io");
        File.WriteAllText(Path.Combine(Leaf, "io.weight"), "");
        File.WriteAllText(Path.Combine(Leaf, "io.max"), "");

        host.Apply(cgroup, new() { BlockIo = new() { Weight = 1000 } });
        host.Apply(cgroup, new() { BlockIo = new() { BytesRead = [new(8, 0, 1024)] } });

        Assert.Equal("10000", Read("io.weight"));
        Assert.Equal("8:0 rbps=1024", Read("io.max"));
        host.Apply(cgroup, new() { BlockIo = new() { Writes = [new(8, 16, 0)] } });
        Assert.StartsWith("8:16 wiops=max", Read("io.max"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_bfq_scheduler_takes_weights_as_they_are()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("io");
        File.WriteAllText(Path.Combine(Leaf, "io.bfq.weight"), "");

        host.Apply(cgroup, new() { BlockIo = new() { Weight = 500 } });

        Assert.Equal("500", Read("io.bfq.weight"));
    }

    [Fact]
    public void Files_of_the_unified_hierarchy_are_written_as_they_are()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("memory hugetlb");
        File.WriteAllText(Path.Combine(Leaf, "memory.high"), "");
        File.WriteAllText(Path.Combine(Leaf, "hugetlb.2MB.max"), "");

        host.Apply(cgroup, new()
        {
            Unified = [KeyValuePair.Create("memory.high", "1048576")],
            Hugepages = [KeyValuePair.Create("2MB", 4096ul)],
        });

        Assert.Equal("1048576", Read("memory.high"));
        Assert.Equal("4096", Read("hugetlb.2MB.max"));
    }

    [Theory]
    [InlineData("cpu.weight", Errno.EOPNOTSUPP)]
    [InlineData("memory.nothing", Errno.EOPNOTSUPP)]
    [InlineData("cgroup.procs", Errno.EINVAL)]
    [InlineData("../memory.max", Errno.EINVAL)]
    [InlineData("tasks", Errno.EINVAL)]
    public void A_file_that_is_no_limit_of_this_machine_is_refused(string name, Errno expected)
    {
        (CgroupHost host, Cgroup cgroup) = Unified("memory");

        LinuxException e = Assert.Throws<LinuxException>(
            () => host.Apply(cgroup, new() { Unified = [KeyValuePair.Create(name, "1")] }));

        Assert.Equal(expected, e.Errno);
    }

    [Fact]
    public void What_only_version_1_has_is_refused_on_v2()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("cpu memory io");
        CgroupLimits[] asked =
        [
            new() { RealtimeRuntime = 1 },
            new() { DisablesOutOfMemoryKiller = true },
            new() { MemoryOfTcp = 1 },
            new() { BlockIo = new() { LeafWeight = 10 } },
        ];

        Assert.All(
            asked,
            limits => Assert.Equal(
                Errno.EOPNOTSUPP, Assert.Throws<LinuxException>(() => host.Apply(cgroup, limits)).Errno));
    }

    [Fact]
    public void A_limit_below_what_is_in_use_is_refused_when_that_is_asked()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("memory");
        Write("memory.current", "4096\n");

        LinuxException e = Assert.Throws<LinuxException>(
            () => host.Apply(cgroup, new() { Memory = 4095, ChecksMemoryInUse = true }));

        Assert.Equal(Errno.EBUSY, e.Errno);
        host.Apply(cgroup, new() { Memory = 4096, ChecksMemoryInUse = true });
    }

    [Fact]
    public void What_is_not_asked_of_the_bandwidth_stays()
    {
        (CgroupHost host, Cgroup cgroup) = Unified("cpu");
        Write("cpu.max", "7000 20000\n");

        host.Apply(cgroup, new() { CpuPeriod = 50_000 });

        Assert.StartsWith("7000 50000", Read("cpu.max"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0-9999999", "invalid value 0-9999999 for cpuset cpus")]
    [InlineData("x", "invalid value x for cpuset cpus")]
    [InlineData("0-1", null)]
    [InlineData("4", "requested CPUs are not available - requested 4, available: 0-3")]
    public void Processors_are_checked_against_the_machine(string asked, string? problem)
    {
        (CgroupHost host, _) = Unified("cpuset");
        File.WriteAllText(Path.Combine(_folder, "cpuset.cpus.effective"), "0-3\n");

        Assert.Equal(problem, CgroupLimitsCheck.Problem(new() { CpusetCpus = asked }, host));
    }

    [Fact]
    public void The_machine_has_a_processor() => Assert.InRange(CgroupLimitsCheck.OnlineCpus(), 1, CpuSet.MaxNumber + 1);

    [Theory]
    [InlineData("..", "x")]
    [InlineData("p", "")]
    [InlineData("p", "a/b")]
    public void Names_are_one_component(string parent, string name)
    {
        (CgroupHost host, _) = Unified("");

        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => host.Create(parent, name, CgroupLimits.None)).Errno);
    }

    private string Leaf => Path.Combine(_folder, "leaf");

    private (CgroupHost Host, Cgroup Cgroup) Unified(string controllers)
    {
        File.WriteAllText(Path.Combine(_folder, "cgroup.controllers"), controllers + "\n");
        Directory.CreateDirectory(Leaf);
        foreach (string file in (string[])["memory.max", "memory.swap.max", "memory.low", "cpu.weight", "cpu.max",
            "cpuset.cpus", "cpuset.mems", "pids.max"])
        {
            Write(file, "");
        }

        CgroupHost host = new([new CgroupHierarchy(_folder, CgroupControllers.None, IsUnified: true)]);
        return (host, new Cgroup([Leaf]) { HasUnified = true });
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(Leaf, file));

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(Leaf, file), text);
}
