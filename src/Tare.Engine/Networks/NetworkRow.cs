// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Tare.Network;

namespace Tare.Engine.Networks;

/// <summary>A network of a store.</summary>
/// <param name="Id">64 hex digits</param>
/// <param name="Name">unique in the store</param>
/// <param name="Created">when</param>
/// <param name="Record">what it is</param>
internal sealed record NetworkRow(string Id, string Name, DateTimeOffset Created, NetworkRecord Record)
{
    /// <summary>The names of the three that are always there.</summary>
    public const string Default = "bridge";

    /// <inheritdoc cref="Default"/>
    public const string Host = "host";

    /// <inheritdoc cref="Default"/>
    public const string None = "none";

    private const int ShortLength = 12;

    public string ShortId => Id[..ShortLength];

    public bool IsPredefined => Name is Default or Host or None;

    /// <summary>Containers find each other by name: everywhere but on the default network, as docker's.</summary>
    public bool HasNames => !IsPredefined;

    /// <summary>What is made of it.</summary>
    public NetworkPlan Plan => new(Id, Name, Record.Driver, Record.Device)
    {
        Subnets = [.. Record.Subnets.Select(static subnet => subnet.ToSubnet())],
        Internal = Record.Internal,
        Masquerade = NetworkOptions.Flag(Record.Options, NetworkOptions.Masquerade, true),
        Icc = NetworkOptions.Flag(Record.Options, NetworkOptions.Icc, true),
        Mtu = Record.Options.TryGetValue(NetworkOptions.Mtu, out string? mtu) ? int.Parse(mtu, CultureInfo.InvariantCulture) : null,
        HostBinding = Record.Options.TryGetValue(NetworkOptions.HostBinding, out string? address) ? IPAddress.Parse(address) : null,
        Mode = NetworkOptions.Mode(Record.Driver, Record.Options),
    };
}
