// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Tare.Linux.Netlink;

/// <summary>A network device as one network namespace knows it.</summary>
/// <param name="Index">its number there</param>
/// <param name="Name">its name there</param>
/// <param name="IsUp">it sends and receives</param>
/// <remarks>man rtnetlink(7), struct ifinfomsg</remarks>
internal sealed record NetworkDevice(int Index, string Name, bool IsUp)
{
    /// <summary>Number of the bridge that it is a port of; 0: of none.</summary>
    public int Master { get; private init; }

    private const int BodyBytes = 16;
    private const int FlagsOffset = 8;
    private const int ChangeOffset = 12;
    private const uint IFF_UP = 1;
    private const ushort IFLA_IFNAME = 3;
    private const ushort IFLA_MASTER = 10;
    private const ushort IFLA_NET_NS_FD = 28;

    /// <summary>Null when there is none of this name.</summary>
    public static NetworkDevice? TryFind(NetlinkSocket socket, string name)
    {
        try
        {
            NetlinkMessage question = new NetlinkMessage(NetlinkMessage.RTM_GETLINK, 0, new byte[BodyBytes]).Add(IFLA_IFNAME, name);
            return Parse(socket.Ask(question, name)[0]);
        }
        catch (LinuxException missing) when (missing.Errno == Errno.ENODEV)
        {
            return null;
        }
    }

    /// <summary>All of a namespace.</summary>
    public static List<NetworkDevice> List(NetlinkSocket socket)
    {
        var question = new NetlinkMessage(NetlinkMessage.RTM_GETLINK, NetlinkMessage.NLM_F_DUMP, new byte[BodyBytes]);
        return [.. socket.Ask(question, "devices").Select(static answer => Parse(answer))];
    }

    /// <summary>Moves it to another network namespace, where it is down and without addresses.</summary>
    /// <param name="socket">of the namespace that it is in</param>
    /// <param name="space">lent: the other</param>
    /// <param name="name">there</param>
    /// <exception cref="LinuxException">EINVAL: it belongs to its namespace, as the loopback device does; EEXIST</exception>
    public void Move(NetlinkSocket socket, Fd space, string name) => socket.Ask(
        Change().Add(IFLA_NET_NS_FD, space.Raw).Add(IFLA_IFNAME, name), $"move {Name}");

    /// <summary>Lets it send and receive.</summary>
    public void Raise(NetlinkSocket socket) => socket.Ask(Change(IFF_UP), $"raise {Name}");

    internal static NetworkDevice Parse(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < BodyBytes)
        {
            throw new LinuxException(Errno.EBADMSG, "netlink", "device");
        }

        Dictionary<ushort, byte[]> attributes = NetlinkMessage.Attributes(answer[BodyBytes..]);
        byte[] name = attributes.GetValueOrDefault(IFLA_IFNAME, []);
        bool isUp = (BinaryPrimitives.ReadUInt32LittleEndian(answer[FlagsOffset..]) & IFF_UP) != 0;
        return new(BinaryPrimitives.ReadInt32LittleEndian(answer[4..]), Encoding.UTF8.GetString(name).TrimEnd('\0'), isUp)
        {
            Master = attributes.TryGetValue(IFLA_MASTER, out byte[]? master) && master.Length == sizeof(int)
                ? BinaryPrimitives.ReadInt32LittleEndian(master)
                : 0,
        };
    }

    private NetlinkMessage Change(uint flags = 0)
    {
        Span<byte> body = stackalloc byte[BodyBytes];
        body.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], Index);
        BinaryPrimitives.WriteUInt32LittleEndian(body[FlagsOffset..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(body[ChangeOffset..], flags);
        return new(NetlinkMessage.RTM_NEWLINK, NetlinkMessage.NLM_F_ACK, body);
    }
}
