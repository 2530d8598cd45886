// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Networks;

/// <summary>What somebody asked of a new network: <c>network create</c>.</summary>
/// <param name="Name">as users will call it</param>
internal sealed record NetworkRequest(string Name)
{
    public string Driver { get; init; } = "bridge";

    /// <summary>In CIDR form; each of the following belongs to the subnet that holds it.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    public IReadOnlyList<string> Ranges { get; init; } = [];

    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Name → address that somebody else uses.</summary>
    public IReadOnlyDictionary<string, string> Auxiliary { get; init; } = new Dictionary<string, string>();

    public bool Internal { get; init; }

    public bool IPv6 { get; init; }

    public bool Attachable { get; init; }

    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
