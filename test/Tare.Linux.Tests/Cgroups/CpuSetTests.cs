// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;

namespace Tare.Linux.Tests.Cgroups;

public sealed class CpuSetTests
{
    [Theory]
    [InlineData("0", 1)]
    [InlineData("0-3,5", 5)]
    [InlineData("1,1,0-1", 2)]
    [InlineData("0-8191", 8192)]
    [InlineData("007", 1)]
    public void Lists_of_numbers_and_ranges_are_sets(string text, int count)
    {
        Assert.True(CpuSet.TryParse(text, out CpuSet? set));
        Assert.Equal(count, set.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("0,")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("0-")]
    [InlineData("0-9999999")]
    [InlineData("8192")]
    [InlineData("99999999999999999999")]
    [InlineData("1-2-3")]
    [InlineData("0x1")]
    [InlineData(" 1")]
    [InlineData("٣")]
    public void Anything_else_is_refused(string text) => Assert.False(CpuSet.TryParse(text, out _));

    [Theory]
    [InlineData("1", "0-3", true)]
    [InlineData("0-3", "0-3", true)]
    [InlineData("0-4", "0-3", false)]
    [InlineData("8191", "0-3", false)]
    public void A_set_is_within_another_when_every_number_is(string inner, string outer, bool expected)
    {
        Assert.True(CpuSet.TryParse(inner, out CpuSet? a));
        Assert.True(CpuSet.TryParse(outer, out CpuSet? b));

        Assert.Equal(expected, a.IsSubsetOf(b));
    }

    [Theory]
    [InlineData("0", "0100000000000000")]
    [InlineData("0-3,9", "0f02000000000000")]
    [InlineData("64", "00000000000000000100000000000000")]
    public void A_mask_has_a_bit_for_each_number(string list, string hex)
    {
        Assert.True(CpuSet.TryParse(list, out CpuSet? set));

        Assert.Equal(hex, Convert.ToHexStringLower(set.ToMask()));
    }
}
