// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using LinuxRule = Tare.Linux.Cgroups.DeviceRule;
using SpecRule = Tare.Oci.Runtime.DeviceRule;

namespace Tare.Runtime.Tests.Planning;

public sealed class CgroupTranslationTests
{
    [Fact]
    public void No_resources_ask_for_nothing() =>
        Assert.Equal(CgroupLimits.None, CgroupTranslation.Limits(null));

    [Fact]
    public void Every_limit_has_its_place()
    {
        CgroupLimits limits = CgroupTranslation.Limits(new Resources
        {
            Memory = new MemoryResources { Limit = 1, Swap = 2, Reservation = 3, Swappiness = 4 },
            Cpu = new CpuResources { Shares = 5, Quota = 6, Period = 7, Cpus = "0", Mems = "1" },
            Pids = new PidsResources(8),
        });

        Assert.Equal(
            new CgroupLimits
            {
                Memory = 1,
                MemoryAndSwap = 2,
                MemoryReservation = 3,
                MemorySwappiness = 4,
                CpuShares = 5,
                CpuQuota = 6,
                CpuPeriod = 7,
                CpusetCpus = "0",
                CpusetMems = "1",
                Pids = 8,
            },
            limits);
    }

    [Fact]
    public void Nought_is_no_limit_of_memory_as_in_runc() => Assert.Equal(
        CgroupLimits.None,
        CgroupTranslation.Limits(new Resources { Memory = new MemoryResources { Limit = 0, Swap = 0, Reservation = 0 } }));

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    public void No_limit_of_tasks_is_not_written(long limit) =>
        Assert.Null(CgroupTranslation.Limits(new Resources { Pids = new PidsResources(limit) }).Pids);

    [Fact]
    public void Device_rules_keep_their_order()
    {
        CgroupLimits limits = CgroupTranslation.Limits(new Resources
        {
            Devices = [new SpecRule(false, Access: "rwm"), new SpecRule(true, "c", 1, 3, "rw"), new SpecRule(true, "b", -1)],
        });

        Assert.Equal(
            [
                LinuxRule.Everything(false),
                new LinuxRule(true, DeviceRuleKind.Character, 1, 3, DeviceAccess.Read | DeviceAccess.Write),
                new LinuxRule(true, DeviceRuleKind.Block, null, null, LinuxRule.AllAccess),
            ],
            limits.Devices);
    }

    [Theory]
    [InlineData("x", 1L, "rw")]
    [InlineData("c", -2L, "rw")]
    [InlineData("c", 1L << 32, "rw")]
    [InlineData("c", 1L, "rx")]
    public void A_device_rule_that_is_none_is_refused(string type, long major, string access)
    {
        Resources resources = new() { Devices = [new SpecRule(true, type, major, 0, access)] };

        TareException e = Assert.Throws<TareException>(() => CgroupTranslation.Limits(resources));
        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
    }

    [Fact]
    public void The_rest_of_memory_and_processor_has_its_place_too()
    {
        CgroupLimits limits = CgroupTranslation.Limits(new Resources
        {
            Memory = new MemoryResources
            {
                KernelTcp = 1,
                DisableOomKiller = true,
                UseHierarchy = true,
                CheckBeforeUpdate = true,
                Kernel = 5,
            },
            Cpu = new CpuResources { Burst = 2, Idle = 1, RealtimePeriod = 3, RealtimeRuntime = 4, Shares = 0 },
        });

        Assert.Equal(
            new CgroupLimits
            {
                MemoryOfTcp = 1,
                DisablesOutOfMemoryKiller = true,
                CountsDescendants = true,
                ChecksMemoryInUse = true,
                CpuBurst = 2,
                CpuIdle = 1,
                RealtimePeriod = 3,
                RealtimeRuntime = 4,
            },
            limits);
    }

    [Fact]
    public void What_is_switched_off_is_written_only_where_it_may_be_on()
    {
        Resources resources = new()
        {
            Pids = new PidsResources(-1),
            Memory = new MemoryResources { DisableOomKiller = false },
            BlockIo = new BlockIoResources { Weight = 0 },
        };

        Assert.Equal(CgroupLimits.None, CgroupTranslation.Limits(resources));
        Assert.Equal(
            new CgroupLimits { Pids = -1, DisablesOutOfMemoryKiller = false }, CgroupTranslation.Changes(resources));
    }

    [Fact]
    public void Devices_and_names_keep_their_numbers()
    {
        CgroupLimits limits = CgroupTranslation.Limits(new Resources
        {
            BlockIo = new BlockIoResources
            {
                Weight = 500,
                WeightDevice = [new(8, 0, 100), new(8, 16, null, 200)],
                ThrottleReadBpsDevice = [new(8, 0, 1024)],
            },
            HugepageLimits = [new("2MB", 4096)],
            Network = new NetworkResources { ClassId = 7, Priorities = [new("eth0", 3)] },
            Rdma = new Dictionary<string, RdmaLimit> { ["mlx5_1"] = new(3, 10), ["mlx4_0"] = new(null, 1000) },
            Unified = new Dictionary<string, string> { ["memory.high"] = "1" },
        });

        Assert.Equal<ushort?>(500, limits.BlockIo!.Weight);
        Assert.Equal([new(8, 0, 100)], limits.BlockIo.Weights);
        Assert.Equal([new(8, 16, 200)], limits.BlockIo.LeafWeights);
        Assert.Equal([new(8, 0, 1024)], limits.BlockIo.BytesRead);
        Assert.Equal([KeyValuePair.Create("2MB", 4096ul)], limits.Hugepages);
        Assert.Equal(7u, limits.NetworkClass);
        Assert.Equal([KeyValuePair.Create("eth0", 3u)], limits.NetworkPriorities);
        Assert.Equal(["mlx5_1 hca_handle=3 hca_object=10", "mlx4_0 hca_object=1000"], limits.Rdma);
        Assert.Equal([KeyValuePair.Create("memory.high", "1")], limits.Unified);
    }

    public static TheoryData<string> Nonsense =>
    [
        """{"blockIO":{"weight":9}}""",
        """{"blockIO":{"weightDevice":[{"major":8,"minor":0,"weight":1001}]}}""",
        """{"blockIO":{"throttleReadBpsDevice":[{"major":-1,"minor":0,"rate":1}]}}""",
        """{"hugepageLimits":[{"pageSize":"2mb","limit":1}]}""",
        """{"hugepageLimits":[{"pageSize":"../2MB","limit":1}]}""",
        """{"hugepageLimits":[{"pageSize":"02MB","limit":1}]}""",
        """{"network":{"priorities":[{"name":"a b","priority":1}]}}""",
        """{"network":{"priorities":[{"name":"","priority":1}]}}""",
        """{"rdma":{"mlx":{}}}""",
        """{"rdma":{"m\nx":{"hcaHandles":1}}}""",
        """{"cpu":{"idle":2}}""",
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void A_value_that_is_none_is_refused(string json)
    {
        Resources resources = System.Text.Json.JsonSerializer.Deserialize(
            $$$"""{"ociVersion":"1.3.0","linux":{"resources":{{{json}}}}}""", RuntimeJson.Default.Spec)!.Linux!.Resources!;

        TareException e = Assert.Throws<TareException>(() => CgroupTranslation.Limits(resources));
        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
    }
}
