// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Tests.Planning;

public sealed class IdRangesTests
{
    private static readonly IReadOnlyList<IdMapping> Map = [new(0, 1000, 10), new(100, 5000, 1)];

    [Theory]
    [InlineData(0u, 1000u)]
    [InlineData(9u, 1009u)]
    [InlineData(10u, null)]
    [InlineData(100u, 5000u)]
    [InlineData(101u, null)]
    public void An_id_inside_is_one_outside_or_nobody(uint inside, uint? outside) =>
        Assert.Equal(outside, IdRanges.Find(Map, inside));

    [Theory]
    [InlineData(2147483647u, 100u)]
    [InlineData(99u, 9u)]
    [InlineData(5u, 5u)]
    public void The_highest_id_below_a_bound_is_found(uint bound, uint expected) =>
        Assert.Equal(expected, IdRanges.Below(Map, bound));

    [Fact]
    public void Both_sides_may_reach_up_to_the_last_id() => IdRanges.Check([new(0, 0, uint.MaxValue)], "map");
}
