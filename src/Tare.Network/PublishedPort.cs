// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tare.Network;

/// <summary>A port of the host that leads to one of a container.</summary>
/// <param name="Protocol">tcp, udp, sctp</param>
/// <param name="HostAddress">0.0.0.0 or :: for all of the family</param>
/// <param name="HostPort">1 to 65535</param>
/// <param name="Target">the container's address, of the same family unless it is relayed</param>
/// <param name="TargetPort">1 to 65535</param>
internal sealed record PublishedPort(string Protocol, IPAddress HostAddress, int HostPort, IPAddress Target, int TargetPort)
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Sctp = 132;

    public bool IsForAll => HostAddress.Equals(IPAddress.Any) || HostAddress.Equals(IPAddress.IPv6Any);

    /// <summary>The keeper is to relay it, so that the host's own rules for what comes in count.</summary>
    public bool BehindFirewall { get; init; }

    /// <summary>The packet filter does not send it on, or cannot: the keeper does.</summary>
    public bool IsRelayed => BehindFirewall || HostAddress.AddressFamily != Target.AddressFamily;

    /// <summary>The container sees the client's address although the keeper relays: there are two addresses of one family.</summary>
    public bool IsTransparent => BehindFirewall && HostAddress.AddressFamily == Target.AddressFamily && ProtocolNumber != Sctp;

    public bool IsV4 => HostAddress.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>IPPROTO_*</summary>
    public byte ProtocolNumber => NumberOf(Protocol);

    /// <summary>IPPROTO_* of a name that was checked.</summary>
    public static byte NumberOf(string protocol) => protocol switch { "tcp" => Tcp, "udp" => Udp, _ => Sctp };
}
