// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>Which device nodes a container may use: the harmless ones, its own terminals, and what it was
/// granted.</summary>
/// <remarks>The nodes themselves (null, zero, full, random, urandom, tty) are made by the runtime:
/// runtime-spec config-linux.md#default-devices.</remarks>
internal static class DefaultDevices
{
    private const string All = "rwm";

    /// <summary>Rules of a container without grants. Making any node is allowed, using one is not.</summary>
    private static readonly DeviceRule[] Rules =
    [
        new(Allow: false, Access: All),
        new(Allow: true, "c", Access: "m"),
        new(Allow: true, "b", Access: "m"),
        Character(1, 3), // null
        Character(1, 5), // zero
        Character(1, 7), // full
        Character(1, 8), // random
        Character(1, 9), // urandom
        Character(5, 0), // tty
        Character(5, 1), // console
        Character(5, 2), // ptmx
        Character(136, null), // pts/*
    ];

    /// <summary>What a runtime allows whatever a spec denies: it supplies these nodes itself.</summary>
    public static IReadOnlyList<DeviceRule> Supplied { get; } = Rules[1..];

    /// <summary>The rules in order; the last that matches decides.</summary>
    public static IReadOnlyList<DeviceRule> RulesFor(ContainerOptions options) =>
        options.Privileged ? [new DeviceRule(Allow: true, Access: All)]
        : options.Devices.Count == 0 ? Rules
        : [.. Rules, .. options.Devices.Select(static d => RuleFor(d.Node, d.Access))];

    /// <summary>The nodes to make beyond those that every container has.</summary>
    public static IReadOnlyList<Device> NodesFor(ContainerOptions options, HostFacts host) => options.Privileged
        ? [.. host.Devices.Concat(options.Devices).Select(static d => d.Node).DistinctBy(static d => d.Path)]
        : [.. options.Devices.Select(static d => d.Node)];

    private static DeviceRule RuleFor(Device node, string access) =>
        new(Allow: true, node.Type, node.Major, node.Minor, access);

    private static DeviceRule Character(long major, long? minor) => new(Allow: true, "c", major, minor, All);
}
