// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Linux.Netlink;

namespace Tare.Network.Tests;

/// <summary>What stands in the packet filter and belongs to nobody is found and can be taken away.</summary>
[Trait("ring", "kernel")]
public sealed class StrayElementTests
{
    private static readonly NetworkPlan Inner = new("a", "inner", NetworkPlan.Bridge, "br-a") { Internal = true };
    private static readonly NetworkPlan Open = new("b", "open", NetworkPlan.Bridge, "br-b");

    [Fact]
    public void Everything_that_is_owned_is_known() => OwnNetwork.Run(() =>
    {
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        var firewall = new StoreFirewall("0badcafe");
        var endpoint = new Endpoint(Open, "tv0badcafeabc", "eth0", MacAddress.Random(), [IPAddress.Parse("10.9.0.2"), IPAddress.Parse("fd09::2")]);
        PublishedPort[] ports =
        [
            new("tcp", IPAddress.Any, 80, IPAddress.Parse("10.9.0.2"), 8080), new("udp", IPAddress.IPv6Any, 81, IPAddress.Parse("fd09::2"), 81),
            new("tcp", IPAddress.Loopback, 82, IPAddress.Parse("10.9.0.2"), 82), new("tcp", IPAddress.IPv6Loopback, 83, IPAddress.Parse("fd09::2"), 83),
            new("tcp", IPAddress.IPv6Any, 84, IPAddress.Parse("10.9.0.2"), 84),
        ];
        Assert.Empty(firewall.Strays(filter, [], [], []));
        firewall.Ensure(filter);
        firewall.Add(filter, Inner);
        firewall.Add(filter, Open);
        firewall.Add(filter, [endpoint], ports);

        Assert.Empty(firewall.Strays(filter, [Inner, Open], [endpoint], ports));
        Assert.Equal(3, firewall.Strays(filter, [Open], [endpoint], ports).Count());
        Assert.Equal(5, firewall.Strays(filter, [Inner, Open], [], ports).Count());

        foreach (StrayElement stray in firewall.Strays(filter, [Open], [endpoint], ports[1..]).ToList())
        {
            firewall.Remove(filter, stray);
            firewall.Remove(filter, stray);
        }

        Assert.Empty(firewall.Strays(filter, [Open], [endpoint], ports[1..]));
        Assert.DoesNotContain("br-a", OwnNetwork.Shell("nft list table inet tare-0badcafe"), StringComparison.Ordinal);
    });
}
