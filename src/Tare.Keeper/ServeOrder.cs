// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Names;
using Tare.Keeper.Relay;
using Tare.Linux.Sockets;

namespace Tare.Keeper;

/// <summary>All that a keeper serves on the network: the last order is the whole truth.</summary>
/// <remarks>What it does not name any more is closed; what it names without a descriptor stays as it is.</remarks>
internal sealed record ServeOrder
{
    public const int MaxRelays = 4096;
    public const int MaxSubnets = 2 * NameOrder.MaxFiles;

    /// <summary>Null: no name server.</summary>
    public NameOrder? Names { get; init; }

    public IReadOnlyList<RelayOrder> Relays { get; init; } = [];

    /// <summary>Of the container's networks.</summary>
    public IReadOnlyList<InetNetwork> Subnets { get; init; } = [];
}
