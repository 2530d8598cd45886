// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Oci;

namespace Tare.Network.Tests;

public sealed class SubnetTests
{
    private static readonly Dictionary<string, IPAddress> Nobody = [];

    [Theory]
    [InlineData("10.1.0.0/24", null, null, "10.1.0.1")]
    [InlineData("10.1.0.0/24", "10.1.0.128/25", null, "10.1.0.1")]
    [InlineData("10.1.0.0/24", null, "10.1.0.254", "10.1.0.254")]
    [InlineData("fd01::/64", null, null, "fd01::1")]
    public void The_gateway_is_the_first_address_unless_another_is_asked_for(string network, string? range, string? gateway, string expected) => Assert.Equal(
        IPAddress.Parse(expected),
        Subnet.Create(IPNetwork.Parse(network), range is null ? null : IPNetwork.Parse(range), gateway is null ? null : IPAddress.Parse(gateway), Nobody).Gateway);

    [Theory]
    [InlineData("10.1.0.0/31", null, null, "no room")]
    [InlineData("127.0.0.0/16", null, null, "not for networks")]
    [InlineData("224.0.0.0/8", null, null, "not for networks")]
    [InlineData("fe80::/64", null, null, "not for networks")]
    [InlineData("10.1.0.0/24", "10.2.0.0/25", null, "not part of subnet")]
    [InlineData("10.1.0.0/24", null, "10.2.0.1", "does not hold it")]
    public void What_does_not_fit_together_is_refused(string network, string? range, string? gateway, string why)
    {
        TareException refused = Assert.Throws<TareException>(() => Subnet.Create(
            IPNetwork.Parse(network), range is null ? null : IPNetwork.Parse(range), gateway is null ? null : IPAddress.Parse(gateway), Nobody));

        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_addresses_leave_out_ends_gateway_reserved_and_taken_ones()
    {
        var subnet = Subnet.Create(IPNetwork.Parse("10.1.0.0/29"), null, null, new Dictionary<string, IPAddress> { ["router"] = IPAddress.Parse("10.1.0.3") });

        Assert.Equal(["10.1.0.2", "10.1.0.5", "10.1.0.6"], subnet.Free(address => address.ToString() == "10.1.0.4").Select(address => address.ToString()));
        Assert.False(subnet.IsUsable(IPAddress.Parse("10.1.0.7")));
        Assert.False(subnet.IsUsable(IPAddress.Parse("10.1.0.8")));
    }

    [Fact]
    public void Free_addresses_are_of_the_range()
    {
        var subnet = Subnet.Create(IPNetwork.Parse("10.1.0.0/24"), IPNetwork.Parse("10.1.0.252/30"), null, Nobody);

        Assert.Equal(["10.1.0.252", "10.1.0.253", "10.1.0.254"], subnet.Free(_ => false).Select(address => address.ToString()));
    }

    /// <summary>Lazily: nobody counts 2^64 addresses.</summary>
    [Fact]
    public void The_last_address_of_an_IPv6_subnet_is_like_any_other()
    {
        var small = Subnet.Create(IPNetwork.Parse("fd01::/126"), null, null, Nobody);
        var large = Subnet.Create(IPNetwork.Parse("fd01::/64"), null, null, Nobody);

        Assert.Equal(["fd01::2", "fd01::3"], small.Free(_ => false).Select(address => address.ToString()));
        Assert.Equal("fd01::2", large.Free(_ => false).First().ToString());
        Assert.Equal(AddressFamily.InterNetworkV6, large.Family);
    }
}
