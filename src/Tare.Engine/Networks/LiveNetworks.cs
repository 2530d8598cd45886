// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Network;

namespace Tare.Engine.Networks;

/// <summary>What a running container has of networks: written to its run folder before any of it is made, and gone with it.</summary>
internal sealed record LiveNetworks
{
    private const int MaxBytes = 1 << 20;

    private static ReadOnlySpan<byte> FileName => "network"u8;

    private static ReadOnlySpan<byte> LeftName => "network-left"u8;

    private const uint OwnerOnly = 0b110_000_000;

    public IReadOnlyList<LiveEndpoint> Endpoints { get => field ?? []; init; } = [];

    public IReadOnlyList<LivePort> Ports { get => field ?? []; init; } = [];

    /// <summary>Its keeper answers for names at <see cref="NameSockets.Address"/>.</summary>
    public bool HasNameServer { get; init; }

    /// <summary>Whom that asks about the world.</summary>
    public IReadOnlyList<string> Upstreams { get => field ?? []; init; } = [];

    /// <summary>Nothing of its networks leads outside.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Null: it has none.</summary>
    public static LiveNetworks? TryRead(Fd live) => AtomicFile.TryRead(live, FileName, MaxBytes) is { } bytes ? NetworkJson.ReadLive(bytes) : null;

    /// <summary>As <see cref="TryRead"/>, and null also for one without ports: a list of many containers is soon read.</summary>
    public static LiveNetworks? TryReadPublished(Fd live) =>
        AtomicFile.TryRead(live, FileName, MaxBytes) is { } bytes && bytes.AsSpan().IndexOf("\"Ports\":"u8) >= 0 ? NetworkJson.ReadLive(bytes) : null;

    public void Write(Fd live) =>
        AtomicFile.Write(live, FileName, NetworkJson.Write(this), durable: false);

    /// <summary>The packet filter's part of it has been given back: nobody makes that anew, while the rest is given back.</summary>
    /// <param name="live">its run folder, lent</param>
    public static void MarkLeft(Fd live) => live.Open(LeftName, OpenFlags.WriteOnly | OpenFlags.Create, OwnerOnly).Dispose();

    /// <inheritdoc cref="MarkLeft"/>
    public static bool IsLeft(Fd live) => live.TryStatus(LeftName) is not null;

    /// <summary>All that may lead to it.</summary>
    public IEnumerable<PublishedPort> Possible() => Ports.Select(static port => port.ToPort());

    /// <summary>Each port of the host once: while ports change, the file may know one of them twice.</summary>
    public IEnumerable<PublishedPort> Published() => Ports.DistinctBy(static port => port.Id).Select(static port => port.ToPort());
}

/// <summary>A place on one network.</summary>
/// <param name="Network">id of it</param>
/// <param name="Name">of the network</param>
/// <param name="Id">of the endpoint, 64 hex digits</param>
/// <param name="Driver">of the network</param>
/// <param name="Device">on the host's side; empty where there is none</param>
/// <param name="Inside">its name in the container</param>
/// <param name="Mac">hardware address</param>
internal sealed record LiveEndpoint(string Network, string Name, string Id, string Driver, string Device, string Inside, string Mac)
{
    public IReadOnlyList<LiveAddress> Addresses { get => field ?? []; init; } = [];

    /// <summary>Names by which others on the network find it, beside the container's own.</summary>
    public IReadOnlyList<string> Aliases { get => field ?? []; init; } = [];

    public bool IsDefaultRoute { get; init; }

    /// <summary>The packet filter's part of it: what it takes to remove that.</summary>
    public Endpoint ToEndpoint(NetworkPlan? plan = null) => new(
        plan ?? new(Network, Name, Driver, ""),
        Device,
        Inside,
        MacAddress.TryParse(Mac, out MacAddress mac) ? mac : default,
        [.. Addresses.Select(static address => IPAddress.Parse(address.Address))])
    {
        IsDefaultRoute = IsDefaultRoute,
    };
}

/// <summary>An address on a network.</summary>
internal sealed record LiveAddress(string Address, int Prefix, string Gateway);

/// <summary>A port of the host that leads to the container.</summary>
internal sealed record LivePort(string Protocol, string HostAddress, int HostPort, string Target, int TargetPort)
{
    /// <inheritdoc cref="PublishedPort.BehindFirewall"/>
    public bool BehindFirewall { get; init; }

    /// <summary>The host's side of it, which nobody else can have.</summary>
    public string Id => $"{Protocol}/{HostAddress}/{HostPort}";

    public static LivePort Of(PublishedPort port) => new(port.Protocol, port.HostAddress.ToString(), port.HostPort, port.Target.ToString(), port.TargetPort)
    {
        BehindFirewall = port.BehindFirewall,
    };

    public PublishedPort ToPort() => new(Protocol, IPAddress.Parse(HostAddress), HostPort, IPAddress.Parse(Target), TargetPort)
    {
        BehindFirewall = BehindFirewall,
    };
}
