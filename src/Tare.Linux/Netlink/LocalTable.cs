// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net.Sockets;

namespace Tare.Linux.Netlink;

/// <summary>A table of routes by which every address is one of this host's own: what is looked up in it ends here.</summary>
/// <param name="Family">IPv4 or IPv6</param>
/// <param name="Table">its number</param>
/// <remarks>man rtnetlink(7), struct rtmsg; Documentation/networking/tproxy.rst</remarks>
internal sealed record LocalTable(AddressFamily Family, uint Table)
{
    private const int BodyBytes = 12;
    private const int ProtocolOffset = 5;
    private const int TypeOffset = 7;
    private const byte RTPROT_STATIC = 4;
    private const byte RT_SCOPE_HOST = 254;
    private const byte RTN_LOCAL = 2;
    private const ushort RTA_OIF = 4;
    private const ushort RTA_TABLE = 15;

    /// <summary>To be sent with <see cref="NetlinkSocket.Change"/>; EEXIST when it is there.</summary>
    /// <param name="loopback">number of the loopback device</param>
    public NetlinkMessage Add(int loopback) => Message(
        NetlinkMessage.RTM_NEWROUTE, NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL, loopback);

    /// <summary>To be sent with <see cref="NetlinkSocket.Change"/>; ESRCH when it is not there.</summary>
    /// <param name="loopback">number of the loopback device</param>
    public NetlinkMessage Remove(int loopback) => Message(NetlinkMessage.RTM_DELROUTE, NetlinkMessage.NLM_F_ACK, loopback);

    /// <summary>What stands in the table: how many routes are as <see cref="Add"/> makes them, and how many are not.</summary>
    public (int Ours, int Others) Count(NetlinkSocket socket)
    {
        byte[] body = new byte[BodyBytes];
        body[0] = DeviceChange.Family(Family);
        var question = new NetlinkMessage(NetlinkMessage.RTM_GETROUTE, NetlinkMessage.NLM_F_DUMP, body);
        (int ours, int others) = (0, 0);
        foreach (byte[] answer in socket.Ask(question, "routes").Where(IsInTable))
        {
            bool isOurs = answer[TypeOffset] == RTN_LOCAL && answer[1] == 0 && answer[ProtocolOffset] == RTPROT_STATIC;
            (ours, others) = isOurs ? (ours + 1, others) : (ours, others + 1);
        }

        return (ours, others);
    }

    private bool IsInTable(byte[] answer) => answer.Length >= BodyBytes
        && NetlinkMessage.Attributes(answer.AsSpan(BodyBytes)).TryGetValue(RTA_TABLE, out byte[]? number)
        && number.Length == sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(number) == Table;

    private NetlinkMessage Message(ushort type, ushort flags, int loopback)
    {
        Span<byte> body = [DeviceChange.Family(Family), 0, 0, 0, 0, RTPROT_STATIC, RT_SCOPE_HOST, RTN_LOCAL, 0, 0, 0, 0];
        return new NetlinkMessage(type, flags, body).Add(RTA_TABLE, (int)Table).Add(RTA_OIF, loopback);
    }
}
