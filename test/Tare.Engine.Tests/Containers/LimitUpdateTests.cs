// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Engine.Tests.Containers;

public sealed class LimitUpdateTests
{
    private const long Mega = 1 << 20;

    [Fact]
    public void What_is_not_said_stays()
    {
        var request = new RunRequest { Image = "i", Memory = 64 * Mega, CpuShares = 512, PidsLimit = 9 };

        RunRequest after = new LimitUpdate { CpuShares = 1024 }.ApplyTo(request);

        Assert.Equal((64 * Mega, 1024L, 9L), (after.Memory!.Value, after.CpuShares!.Value, after.PidsLimit!.Value));
    }

    /// <summary>As docker: what a container may swap is settled when it is made.</summary>
    [Theory]
    [InlineData(64, null, 100, null, 128L)]
    [InlineData(64, null, 200, 400, 400L)]
    [InlineData(null, null, 64, null, null)]
    [InlineData(64, -1, 200, null, -1L)]
    public void Swap_follows_memory_only_at_first(int? memory, int? swap, int? newMemory, int? newSwap, long? expected)
    {
        var request = new RunRequest { Image = "i", Memory = memory * Mega, MemorySwap = swap is -1 ? -1 : swap * Mega };

        RunRequest after = new LimitUpdate { Memory = newMemory * Mega, MemorySwap = newSwap * Mega }.ApplyTo(request);

        Assert.Equal(expected is -1 ? -1 : expected * Mega, after.MemorySwap);
    }

    [Fact]
    public void More_memory_than_memory_and_swap_is_refused() => Assert.Contains(
        "update the memoryswap at the same time",
        Assert.Throws<TareException>(() => new LimitUpdate { Memory = 200 * Mega }.ApplyTo(new() { Image = "i", Memory = 64 * Mega })).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(1_000_000_000L, null, 50_000L)]
    [InlineData(null, 50_000L, null)]
    public void Two_ways_to_say_how_much_processor_contradict_each_other(long? nano, long? quota, long? hadQuota)
    {
        var request = new RunRequest { Image = "i", CpuQuota = hadQuota, NanoCpus = hadQuota is null ? 1_000_000_000 : null };

        Assert.Throws<TareException>(() => new LimitUpdate { NanoCpus = nano, CpuQuota = quota }.ApplyTo(request));
    }

    [Fact]
    public void Only_what_differs_is_written_with_what_it_depends_on()
    {
        var before = new Resources { Memory = new() { Limit = 1, Swap = 2 }, Cpu = new() { Shares = 9 }, Pids = new(7) };

        Resources change = LimitUpdate.Difference(before, before with { Memory = new() { Limit = 3, Swap = 2 }, BlockIo = new() { Weight = 10 } });

        Assert.Equal(new MemoryResources { Limit = 3, Swap = 2 }, change.Memory);
        Assert.Null(change.Cpu);
        Assert.Null(change.Pids);
        Assert.Equal((ushort)10, change.BlockIo!.Weight!.Value);
    }
}
