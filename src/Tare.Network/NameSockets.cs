// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Linux;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;
using Tare.Linux.Sockets;

namespace Tare.Network;

/// <summary>The sockets at which a container's name server is asked: at any port, to which port 53 of its address leads.</summary>
/// <remarks>So the container can have a name server of its own at port 53. Owned by who has them.</remarks>
internal sealed record NameSockets(Fd Udp, Fd Tcp) : IDisposable
{
    private const string Table = "tare-names";
    private const int Dnat = -100;
    private const byte V4 = 2;
    private const byte TcpNumber = 6;
    private const byte UdpNumber = 17;

    /// <summary>What the container's resolv.conf names.</summary>
    public static readonly IPAddress Address = IPAddress.Parse("127.0.0.11");

    /// <summary>In the network namespace of the calling thread.</summary>
    public static NameSockets Open()
    {
        var end = new InetEnd(InetAddress.Of(Address), 0);
        Fd udp = InetSocket.BindDatagram(end);
        Fd? tcp = null;
        try
        {
            tcp = InetSocket.Listen(end);
            using NetlinkSocket filter = NetlinkSocket.OpenFilter();

            // of a keeper that died
            new FilterBatch(FilterFamily.IPv4, Table).RemoveTable().SendEach(filter);
            new FilterBatch(FilterFamily.IPv4, Table).Table().Chain("leaving", "nat", FilterHook.Output, Dnat)
                .Rule("leaving", Lead(UdpNumber, InetSocket.LocalEnd(udp).Port))
                .Rule("leaving", Lead(TcpNumber, InetSocket.LocalEnd(tcp).Port))
                .Send(filter);
            return new(udp, tcp);
        }
        catch
        {
            udp.Dispose();
            tcp?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Udp.Dispose();
        Tcp.Dispose();
    }

    private static FilterRule Lead(byte protocol, int port)
    {
        const int Target = 16;
        const int PortOffset = 2;
        const int NamePort = 53;
        byte[] address = Address.GetAddressBytes();
        return new FilterRule().Payload(PacketPart.Network, Target, address.Length).Is(address)
            .Meta(MetaKey.Protocol).Is([protocol])
            .Payload(PacketPart.Transport, PortOffset, sizeof(ushort)).Is(FilterType.PortOf(NamePort))
            .Load(address, 0).Load(FilterType.PortOf(port), 1).SendTo(V4, 0, 1);
    }
}
