// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;

namespace Tare.Linux.Tests.Cgroups;

public sealed class CpuWeightTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(1024, 100)]
    [InlineData(262144, 10000)]
    [InlineData(ulong.MaxValue, 10000)]
    public void Both_ends_and_the_ordinary_value_meet(ulong shares, long weight) =>
        Assert.Equal(weight, CpuWeight.FromShares(shares));

    [Fact]
    public void More_shares_never_weigh_less()
    {
        long before = 0;
        for (ulong shares = 0; shares < 263_000; shares += 13)
        {
            long weight = CpuWeight.FromShares(shares);
            Assert.InRange(weight, Math.Max(1, before), 10_000);
            before = weight;
        }
    }
}
