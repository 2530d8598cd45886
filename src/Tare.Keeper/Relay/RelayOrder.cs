// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>A published port whose socket in the host's network the keeper holds.</summary>
/// <param name="Id">by which later orders name it; at most 255 bytes</param>
/// <param name="Target">in the container</param>
internal sealed record RelayOrder(string Id, InetEnd Target)
{
    public bool IsUdp { get; init; }

    /// <summary>Where in the descriptors that come along its listening or bound socket is; null: the one of this id stays.</summary>
    public int? Socket { get; init; }

    /// <summary>
    /// The container sees the client's own address. Answers must then come back through the host, which must take them
    /// for its own; clients of the host itself and of the container's own networks are never shown so, because theirs
    /// would not.
    /// </summary>
    public bool IsTransparent { get; init; }
}
