// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tare.Network;

/// <summary>What a network is: its device, its addresses, what it lets pass.</summary>
/// <param name="Id">64 hex digits</param>
/// <param name="Name">as users call it</param>
/// <param name="Driver">bridge, macvlan, ipvlan</param>
/// <param name="Device">name of the bridge; of macvlan and ipvlan the device whose wire it is on</param>
internal sealed record NetworkPlan(string Id, string Name, string Driver, string Device)
{
    public const string Bridge = "bridge";
    public const string Macvlan = "macvlan";
    public const string Ipvlan = "ipvlan";

    /// <summary>One of each family at most; IPv4 first.</summary>
    public IReadOnlyList<Subnet> Subnets { get; init; } = [];

    /// <summary>Nothing leaves it, nothing comes in.</summary>
    public bool Internal { get; init; }

    /// <summary>What leaves it has the host's address.</summary>
    public bool Masquerade { get; init; } = true;

    /// <summary>Its containers may talk to each other.</summary>
    public bool Icc { get; init; } = true;

    /// <summary>Bytes of a packet; null: the kernel's default.</summary>
    public int? Mtu { get; init; }

    /// <summary>Address of the host at which ports are published that name none.</summary>
    public IPAddress? HostBinding { get; init; }

    /// <summary>The kernel's number for the driver's mode; macvlan and ipvlan alone.</summary>
    public int Mode { get; init; }

    public bool IsBridge => Driver == Bridge;

    public Subnet? Of(AddressFamily family) => Subnets.FirstOrDefault(subnet => subnet.Family == family);
}
