// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tare.Linux.Netlink;

/// <summary>Changes to devices, addresses and routes, to be sent together with <see cref="NetlinkSocket.Change"/>.</summary>
/// <remarks>man rtnetlink(7); linux/if_link.h, linux/veth.h, linux/rtnetlink.h. A device can be named in one batch with its making.</remarks>
internal static class DeviceChange
{
    /// <summary>Bytes of the longest name of a device.</summary>
    public const int MaxName = 15;

    private const uint IFF_UP = 1;
    private const ushort Make = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;
    private const ushort IFLA_ADDRESS = 1;
    private const ushort IFLA_IFNAME = 3;
    private const ushort IFLA_MTU = 4;
    private const ushort IFLA_MASTER = 10;
    private const ushort IFLA_LINKINFO = 18;
    private const ushort IFLA_AF_SPEC = 26;
    private const ushort IFLA_NET_NS_FD = 28;
    private const ushort IFLA_LINK = 5;
    private const ushort IFLA_INFO_KIND = 1;
    private const ushort IFLA_INFO_DATA = 2;
    private const ushort IFLA_INFO_SLAVE_KIND = 4;
    private const ushort IFLA_INFO_SLAVE_DATA = 5;
    private const ushort IFLA_INET6_ADDR_GEN_MODE = 8;
    private const byte NoAddresses = 1;
    private const ushort IFLA_BRPORT_MODE = 4;
    private const ushort IFLA_BRPORT_ISOLATED = 33;
    private const ushort IFLA_MACVLAN_MODE = 1;
    private const ushort VETH_INFO_PEER = 1;
    private const int LinkBytes = 16;
    private const byte IFA_F_NODAD = 0x02;
    private const byte IFA_F_PERMANENT = 0x80;
    private const ushort IFA_ADDRESS = 1;
    private const ushort IFA_LOCAL = 2;
    private const ushort IFA_BROADCAST = 4;
    private const byte RT_TABLE_MAIN = 254;
    private const byte RTPROT_BOOT = 3;
    private const byte RTN_UNICAST = 1;
    private const ushort RTA_DST = 1;
    private const ushort RTA_OIF = 4;
    private const ushort RTA_GATEWAY = 5;

    /// <summary>A bridge, down, whose hardware address never changes.</summary>
    public static NetlinkMessage Bridge(string name, MacAddress mac, int? mtu) =>
        Sized(Link(Make).Add(IFLA_IFNAME, name).Add(IFLA_ADDRESS, mac.ToBytes()), mtu)
            .Nest(IFLA_LINKINFO, static info => info.Add(IFLA_INFO_KIND, "bridge"));

    /// <summary>A pair of devices: one here and a port of a bridge, the other in another network namespace; both are down.</summary>
    /// <param name="name">of the one here</param>
    /// <param name="bridge">number of its bridge</param>
    /// <param name="space">lent, where the other is</param>
    /// <param name="peer">name of the other</param>
    /// <param name="mac">of the other</param>
    /// <param name="mtu">of both; null: the kernel's default</param>
    public static NetlinkMessage Pair(string name, int bridge, Fd space, string peer, MacAddress mac, int? mtu) =>
        Sized(Link(Make).Add(IFLA_IFNAME, name).Add(IFLA_MASTER, bridge), mtu)
            .Nest(IFLA_LINKINFO, info => info.Add(IFLA_INFO_KIND, "veth").Nest(IFLA_INFO_DATA, data => data.Nest(
                VETH_INFO_PEER,
                end => Sized(
                    end.AddBytes(stackalloc byte[LinkBytes]).Add(IFLA_IFNAME, peer).Add(IFLA_ADDRESS, mac.ToBytes())
                        .Add(IFLA_NET_NS_FD, space.Raw),
                    mtu))));

    /// <summary>A device with an address of its own on the wire of another one, made in another network namespace.</summary>
    /// <param name="kind">macvlan, ipvlan</param>
    /// <param name="mode">the kernel's number of it</param>
    /// <param name="parent">number of the device here</param>
    /// <param name="space">lent, where the new one is</param>
    /// <param name="name">there</param>
    /// <param name="mac">null: the kernel decides</param>
    public static NetlinkMessage OnWire(string kind, int mode, int parent, Fd space, string name, MacAddress? mac)
    {
        NetlinkMessage made = Link(Make).Add(IFLA_IFNAME, name).Add(IFLA_LINK, parent).Add(IFLA_NET_NS_FD, space.Raw);
        made = mac is { } own ? made.Add(IFLA_ADDRESS, own.ToBytes()) : made;
        return made.Nest(IFLA_LINKINFO, info => info.Add(IFLA_INFO_KIND, kind).Nest(
            IFLA_INFO_DATA,
            data => data.Add(IFLA_MACVLAN_MODE, kind == "ipvlan" ? [(byte)mode, 0] : [(byte)mode, 0, 0, 0])));
    }

    /// <summary>A port of a bridge goes up; it has no addresses of its own.</summary>
    /// <param name="port">its name</param>
    /// <param name="isolated">it reaches the host alone and not the bridge's other ports; else it even reaches itself, as a
    /// container does by its published address</param>
    public static NetlinkMessage Port(string port, bool isolated) => Link(NetlinkMessage.NLM_F_ACK, IFF_UP).Add(IFLA_IFNAME, port)
        .Nest(IFLA_AF_SPEC, static families => families.Nest(
            AddressFamily6, static six => six.Add(IFLA_INET6_ADDR_GEN_MODE, [NoAddresses])))
        .Nest(IFLA_LINKINFO, info => info.Add(IFLA_INFO_SLAVE_KIND, "bridge").Nest(
            IFLA_INFO_SLAVE_DATA, data => data.Add(isolated ? IFLA_BRPORT_ISOLATED : IFLA_BRPORT_MODE, [1])));

    /// <summary>A device is a port of a bridge from now on.</summary>
    public static NetlinkMessage Plug(string name, int bridge) => Link(NetlinkMessage.NLM_F_ACK).Add(IFLA_IFNAME, name).Add(IFLA_MASTER, bridge);

    /// <summary>Lets a device send and receive.</summary>
    public static NetlinkMessage Raise(string name) => Link(NetlinkMessage.NLM_F_ACK, IFF_UP).Add(IFLA_IFNAME, name);

    /// <summary>A device goes; of a pair both.</summary>
    public static NetlinkMessage Remove(string name)
    {
        var message = new NetlinkMessage(NetlinkMessage.RTM_DELLINK, NetlinkMessage.NLM_F_ACK, stackalloc byte[LinkBytes]);
        return message.Add(IFLA_IFNAME, name);
    }

    /// <summary>A device has an address from now on; usable at once, without asking the neighbours.</summary>
    public static NetlinkMessage Address(int device, IPAddress address, int prefix)
    {
        bool isV4 = address.AddressFamily == AddressFamily.InterNetwork;
        Span<byte> body = stackalloc byte[8];
        body.Clear();
        body[0] = Family(address);
        body[1] = (byte)prefix;
        body[2] = (byte)(IFA_F_PERMANENT | (isV4 ? 0 : IFA_F_NODAD));
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], device);
        byte[] bytes = address.GetAddressBytes();
        NetlinkMessage message = new NetlinkMessage(NetlinkMessage.RTM_NEWADDR, Make, body).Add(IFA_LOCAL, bytes).Add(IFA_ADDRESS, bytes);
        return isV4 && prefix < 31 ? message.Add(IFA_BROADCAST, Last(bytes, prefix)) : message;
    }

    /// <summary>All that is not near goes to a gateway.</summary>
    public static NetlinkMessage DefaultRoute(int device, IPAddress gateway) =>
        Route(Family(gateway), 0).Add(RTA_GATEWAY, gateway.GetAddressBytes()).Add(RTA_OIF, device);

    /// <summary>All that is not near is on the wire of a device.</summary>
    public static NetlinkMessage DefaultRoute(int device, AddressFamily family) =>
        Route(Family(family), 0).Add(RTA_OIF, device);

    internal const byte AddressFamily4 = 2;
    internal const byte AddressFamily6 = 10;

    private static NetlinkMessage Route(byte family, byte prefix)
    {
        Span<byte> body = [family, prefix, 0, 0, RT_TABLE_MAIN, RTPROT_BOOT, 0, RTN_UNICAST, 0, 0, 0, 0];
        return new(NetlinkMessage.RTM_NEWROUTE, Make, body);
    }

    /// <summary>AF_* as the kernel counts them.</summary>
    internal static byte Family(AddressFamily family) => family == AddressFamily.InterNetwork ? AddressFamily4 : AddressFamily6;

    private static byte Family(IPAddress address) => Family(address.AddressFamily);

    private static byte[] Last(byte[] address, int prefix)
    {
        byte[] last = [.. address];
        for (int bit = prefix; bit < last.Length * 8; bit++)
        {
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return last;
    }

    private static NetlinkMessage Sized(NetlinkMessage message, int? mtu) => mtu is { } bytes ? message.Add(IFLA_MTU, bytes) : message;

    private static NetlinkMessage Link(ushort flags, uint states = 0)
    {
        Span<byte> body = stackalloc byte[LinkBytes];
        body.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], states);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], states);
        return new(NetlinkMessage.RTM_NEWLINK, flags, body);
    }
}
