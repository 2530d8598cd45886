// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Linux.Netlink;

namespace Tare.Network;

/// <summary>A container's place on a network while it runs.</summary>
/// <param name="Plan">of the network</param>
/// <param name="Device">its end on the host's side; empty for macvlan and ipvlan</param>
/// <param name="Inside">its name in the container: eth0, eth1 …</param>
/// <param name="Mac">of the container's end</param>
/// <param name="Addresses">one of each family at most</param>
internal sealed record Endpoint(NetworkPlan Plan, string Device, string Inside, MacAddress Mac, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>All that is not near goes this way.</summary>
    public bool IsDefaultRoute { get; init; }

    public IPAddress? Of(AddressFamily family) => Addresses.FirstOrDefault(address => address.AddressFamily == family);

    /// <summary>The containers that are near are reached by it without a gateway.</summary>
    public int PrefixOf(IPAddress address) => Plan.Of(address.AddressFamily)!.Network.PrefixLength;
}
