// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class ContainerResourcesTests
{
    private const long Mega = 1 << 20;

    [Fact]
    public void Nothing_said_limits_only_the_number_of_tasks()
    {
        Resources resources = Of(new ResourceOptions());

        Assert.Null(resources.Memory);
        Assert.Null(resources.Cpu);
        Assert.Equal(4096, resources.Pids!.Limit);
    }

    [Theory]
    [InlineData(100L, null, 200L)]
    [InlineData(100L, 0L, 200L)]
    [InlineData(100L, 300L, 300L)]
    [InlineData(100L, 100L, 100L)]
    [InlineData(100L, -1L, -1L)]
    public void Swap_is_as_much_as_memory_unless_said(long memory, long? swap, long expected)
    {
        MemoryResources limits = Of(new ResourceOptions { Memory = memory * Mega, MemorySwap = swap * (swap < 0 ? 1 : Mega) }).Memory!;

        Assert.Equal((memory * Mega, expected * (expected < 0 ? 1 : Mega)), (limits.Limit!.Value, limits.Swap!.Value));
    }

    [Fact]
    public void Cpus_become_quota_and_period()
    {
        CpuResources cpu = Of(new ResourceOptions { NanoCpus = 1_500_000_000, CpuShares = 1, CpusetCpus = "0" }).Cpu!;

        Assert.Equal((150_000L, 100_000UL, 2UL, "0"), (cpu.Quota!.Value, cpu.Period!.Value, cpu.Shares!.Value, cpu.Cpus));
    }

    [Theory]
    [InlineData(null, 4096L)]
    [InlineData(0L, -1L)]
    [InlineData(-1L, -1L)]
    [InlineData(7L, 7L)]
    public void The_number_of_tasks_has_a_default(long? pids, long limit) =>
        Assert.Equal(limit, Of(new ResourceOptions { Pids = pids }).Pids!.Limit);

    public static TheoryData<string> Bad =>
    [
        "memory=1", "memory=6291455", "memory=-1", "swap=100", "memory=8388608 swap=8388607", "memory=8388608 swap=-2",
        "memory=8388608 reserve=8388609", "reserve=1", "nano=1", "nano=9999999", "nano=4000000001", "nano=-1",
        "nano=1000000000 quota=5000", "nano=1000000000 period=5000", "quota=999", "quota=-2", "period=999", "period=1000001",
        "period=-1", "shares=-1", "shares=262145", "pids=-2",
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public void Limits_out_of_range_or_in_conflict_are_refused(string text)
    {
        Dictionary<string, long> said = text.Split(' ').Select(static pair => pair.Split('='))
            .ToDictionary(static pair => pair[0], static pair => long.Parse(pair[1]));
        long? Get(string key) => said.TryGetValue(key, out long value) ? value : null;
        ResourceOptions options = new()
        {
            Memory = Get("memory"),
            MemorySwap = Get("swap"),
            MemoryReservation = Get("reserve"),
            NanoCpus = Get("nano"),
            CpuQuota = Get("quota"),
            CpuPeriod = Get("period"),
            CpuShares = Get("shares"),
            Pids = Get("pids"),
        };

        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => Of(options)).Kind);
    }

    private static Resources Of(ResourceOptions options) =>
        ContainerResources.Compose(options, [], new HostFacts("amd64", new Version(6, 18), "host", 4));
}
