// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Oci;

namespace Tare.Network.Tests;

public sealed class AddressPoolsTests
{
    [Fact]
    public void The_first_that_overlaps_nothing_is_taken()
    {
        Assert.Equal("172.17.0.0/16", Next().ToString());
        Assert.Equal("172.18.0.0/16", Next("172.17.0.0/16").ToString());
        Assert.Equal("172.19.0.0/16", Next("172.17.5.0/24", "172.18.0.0/32").ToString());
        Assert.Equal("192.168.16.0/20", Next("172.16.0.0/12", "192.168.1.0/24").ToString());
    }

    [Fact]
    public void A_route_to_everything_leaves_nothing()
    {
        TareException refused = Assert.Throws<TareException>(() => Next("0.0.0.0/0"));

        Assert.Equal(ErrorKind.ResourceExhausted, refused.Kind);
        Assert.Equal("all predefined address pools have been fully subnetted", refused.Message);
    }

    /// <summary>A pool may reach to the last address that there is.</summary>
    [Fact]
    public void A_pool_at_the_end_of_all_addresses_has_an_end()
    {
        SubnetPool last = new(IPNetwork.Parse("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120"), 124);
        IReadOnlyList<IPNetwork> all = [IPNetwork.Parse("fd00::/8")];

        Assert.Throws<TareException>(() => AddressPools.Next([last], AddressFamily.InterNetworkV6, all));
        Assert.Equal("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/124", AddressPools.Next([last], AddressFamily.InterNetworkV6, []).ToString());
    }

    [Fact]
    public void Unique_local_addresses_are_the_same_for_one_seed()
    {
        SubnetPool pool = AddressPools.UniqueLocalPool([1, 2, 3, 4, 5]);

        Assert.Equal(("fd01:203:405::/48", 64), (pool.Base.ToString(), pool.Size));
        Assert.Equal("fd01:203:405:1::/64", AddressPools.Next([pool], AddressFamily.InterNetworkV6, [IPNetwork.Parse("fd01:203:405::/64")]).ToString());
        Assert.Throws<TareException>(() => AddressPools.Next([pool], AddressFamily.InterNetwork, []));
    }

    private static IPNetwork Next(params string[] used) =>
        AddressPools.Next(AddressPools.Default, AddressFamily.InterNetwork, [.. used.Select(IPNetwork.Parse)]);
}
