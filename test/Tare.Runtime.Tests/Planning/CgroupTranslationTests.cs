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
    public void A_resource_that_nothing_limits_yet_is_named()
    {
        Resources resources = new() { Unified = new Dictionary<string, string> { ["memory.high"] = "1" } };

        TareException e = Assert.Throws<TareException>(() => CgroupTranslation.Limits(resources));
        Assert.Equal("limits of 'unified' are not supported", e.Message);
    }
}
