// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Network;

namespace Tare.Engine.Networks;

/// <summary>What was decided for a network when it was made, in docker's terms.</summary>
/// <param name="Driver">bridge, macvlan, ipvlan; null and host for those two that are none</param>
/// <param name="Device">name of its device on the host</param>
internal sealed record NetworkRecord(string Driver, string Device)
{
    public IReadOnlyList<SubnetDocument> Subnets { get => field ?? []; init; } = [];

    public bool Internal { get; init; }

    public bool Attachable { get; init; }

    public bool EnableIPv6 { get; init; }

    public IReadOnlyDictionary<string, string> Options { get => field ?? new Dictionary<string, string>(); init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; } = new Dictionary<string, string>();
}

/// <summary>One subnet of a network. Engine API v1.51 IPAMConfig.</summary>
internal sealed record SubnetDocument(string Subnet, string Gateway)
{
    public string? IPRange { get; init; }

    public IReadOnlyDictionary<string, string>? AuxiliaryAddresses { get; init; }

    public static SubnetDocument Of(Subnet subnet) => new(subnet.Network.ToString(), subnet.Gateway.ToString())
    {
        IPRange = subnet.Range?.ToString(),
        AuxiliaryAddresses = subnet.Reserved.Count == 0 ? null : subnet.Reserved.ToDictionary(static each => each.Key, static each => each.Value.ToString()),
    };

    public Subnet ToSubnet() => new(IPNetwork.Parse(Subnet), IPAddress.Parse(Gateway))
    {
        Range = IPRange is null ? null : IPNetwork.Parse(IPRange),
        Reserved = AuxiliaryAddresses?.ToDictionary(static each => each.Key, static each => IPAddress.Parse(each.Value)) ?? [],
    };
}
