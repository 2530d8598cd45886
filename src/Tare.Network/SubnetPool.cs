// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tare.Network;

/// <summary>A range of addresses from which networks get subnets of one size.</summary>
/// <param name="Base">the whole range</param>
/// <param name="Size">prefix length of each subnet; not shorter than that of <paramref name="Base"/></param>
internal sealed record SubnetPool(IPNetwork Base, int Size)
{
    /// <summary>The smallest subnet that has room for a gateway and one container.</summary>
    private const int MaxSizeV4 = 30;
    private const int MaxSizeV6 = 126;

    /// <summary>What no network of containers may get: this host, loopback, link-local, multicast.</summary>
    /// <remarks>RFC 6890; <c>::/8</c> also holds IPv4 addresses in IPv6 clothes.</remarks>
    private static readonly IPNetwork[] Reserved =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("::/8"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>Null when networks can be made of the range, else the reason.</summary>
    public static string? RefuseBase(IPNetwork network)
    {
        foreach (IPNetwork reserved in Reserved)
        {
            if (Overlap(network, reserved))
            {
                return $"{network} overlaps {reserved}, which is not for networks";
            }
        }

        return null;
    }

    /// <summary>The longest prefix that a subnet of the range's family may have.</summary>
    public static int MaxSize(IPNetwork network) =>
        network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? MaxSizeV4 : MaxSizeV6;

    /// <summary>True when some address is in both.</summary>
    public static bool Overlap(IPNetwork one, IPNetwork other) =>
        one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);
}
