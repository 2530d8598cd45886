// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;

namespace Tare.Engine.Networks;

/// <summary>A network that a container is to be on, and how: one <c>--network</c>.</summary>
/// <param name="Network">name, id, or the beginning of an id</param>
internal sealed record NetworkAttachment(string Network)
{
    public IReadOnlyList<string> Aliases { get => field ?? []; init; } = [];

    /// <summary>IPv4 address that it must have.</summary>
    public string? Ip { get; init; }

    /// <summary>IPv6 address that it must have.</summary>
    public string? Ip6 { get; init; }

    public string? Mac { get; init; }

    /// <summary>The network with the highest has the way out.</summary>
    public int GatewayPriority { get; init; }

    public IReadOnlyDictionary<string, string> DriverOptions { get => field ?? new Dictionary<string, string>(); init; } = new Dictionary<string, string>();
}

/// <summary>A port of the container that is to be reached at the host: one <c>-p</c>, of a range one each.</summary>
/// <param name="Protocol">tcp, udp, sctp</param>
/// <param name="TargetPort">the container's</param>
internal sealed record PortRequest(string Protocol, int TargetPort)
{
    /// <summary>Null: all of the host's.</summary>
    public string? HostAddress { get; init; }

    /// <summary>0: any that is free.</summary>
    public int HostPort { get; init; }

    /// <summary>Of several that would do the last; 0: the first is the only one.</summary>
    public int LastHostPort { get; init; }

    /// <summary>How it leads to the container; null: as the configuration says at each start.</summary>
    public PortsMode? Mode { get; init; }

    /// <summary>It may be what leads to this port of the container from this one of the host.</summary>
    public bool Means(LivePort live) => live.Protocol == Protocol && live.TargetPort == TargetPort
        && (HostAddress is null || HostAddress == live.HostAddress)
        && (HostPort == 0 || (live.HostPort >= HostPort && live.HostPort <= Math.Max(HostPort, LastHostPort)));

    /// <summary>As a choice among those of a container: what it does not say does not count.</summary>
    public bool Chooses(PortRequest other) => other.Protocol == Protocol && other.TargetPort == TargetPort
        && (HostAddress is null || HostAddress == other.HostAddress)
        && (HostPort == 0 || (HostPort >= other.HostPort && HostPort <= Math.Max(other.HostPort, other.LastHostPort)));
}
