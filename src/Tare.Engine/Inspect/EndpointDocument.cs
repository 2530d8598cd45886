// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>One network of a container. Engine API v1.51 EndpointSettings.</summary>
internal sealed record EndpointDocument
{
    public EndpointAddressesDocument? IPAMConfig { get; init; }

    public IReadOnlyList<string>? Aliases { get; init; }

    public IReadOnlyList<string>? DNSNames { get; init; }

    public string MacAddress { get; init; } = "";

    public string NetworkID { get; init; } = "";

    public string EndpointID { get; init; } = "";

    public string Gateway { get; init; } = "";

    public string IPAddress { get; init; } = "";

    public int IPPrefixLen { get; init; }

    public string IPv6Gateway { get; init; } = "";

    public string GlobalIPv6Address { get; init; } = "";

    public int GlobalIPv6PrefixLen { get; init; }
}
