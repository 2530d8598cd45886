// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>What a container's name server answers, and whom it asks.</summary>
internal sealed record NameOrder
{
    /// <summary>So many networks a container can be on.</summary>
    public const int MaxFiles = 1024;

    public const int MaxUpstreams = 8;
    public const int MaxLinks = 256;

    /// <summary>Where in the descriptors that come along its bound UDP socket is; null: the one that it has stays.</summary>
    public int? Udp { get; init; }

    /// <summary>Where its listening TCP socket is; null: the one that it has stays.</summary>
    public int? Tcp { get; init; }

    /// <summary>Absolute paths of the host: the <see cref="NameFile"/> of each network, the most important first.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Servers that know the world, reached from the host's network; asked in this order.</summary>
    public IReadOnlyList<InetEnd> Upstreams { get; init; } = [];

    /// <summary>All its networks are internal: nobody outside is ever asked, and no name of the world is known.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Names that only this container has for others.</summary>
    public IReadOnlyList<NameLink> Links { get; init; } = [];
}
