// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tare.Linux.Netlink.Filter;

/// <summary>What a network namespace remembers of who speaks with whom through it, and where to it sends that on.</summary>
/// <remarks>linux/netfilter/nfnetlink_conntrack.h, IPCTNL_MSG_CT_DELETE with CTA_FILTER</remarks>
internal static class ConnectionTable
{
    private const ushort Delete = (1 << 8) | 2;
    private const ushort Original = 1;
    private const ushort Reply = 2;
    private const ushort Filter = 25;
    private const ushort Addresses = 1;
    private const ushort Protocol = 2;
    private const ushort SourceV4 = 1;
    private const ushort SourceV6 = 3;
    private const ushort Number = 1;
    private const ushort SourcePort = 2;
    private const ushort TargetPort = 3;
    private const ushort OriginalFlags = 1;
    private const ushort ReplyFlags = 2;
    private const int BySource = 1 << 0;
    private const int ByProtocol = 1 << 3;
    private const int BySourcePort = 1 << 4;
    private const int ByTargetPort = 1 << 5;

    /// <summary>Forgets what was sent on to an address: the next packet is looked at as the first.</summary>
    /// <param name="socket">of the packet filter</param>
    /// <param name="protocol">IPPROTO_*</param>
    /// <param name="target">who answers</param>
    /// <param name="ports">where it was sent to first, and where it is answered from; null: any</param>
    /// <exception cref="LinuxException">the kernel has no such table, or cannot choose in it</exception>
    public static void Forget(NetlinkSocket socket, byte protocol, IPAddress target, (int Host, int Target)? ports)
    {
        bool isV4 = target.AddressFamily == AddressFamily.InterNetwork;
        var message = new NetlinkMessage(Delete, NetlinkMessage.NLM_F_ACK, [DeviceChange.Family(target.AddressFamily), 0, 0, 0]);
        message.Nest(Original, tuple => tuple.Nest(Protocol, part => Write(part.Add(Number, [protocol]), TargetPort, ports?.Host)));
        message.Nest(Reply, tuple => tuple
            .Nest(Addresses, part => part.Add(isV4 ? SourceV4 : SourceV6, target.GetAddressBytes()))
            .Nest(Protocol, part => Write(part.Add(Number, [protocol]), SourcePort, ports?.Target)));
        message.Nest(Filter, flags => flags
            .Add(OriginalFlags, ByProtocol | (ports is null ? 0 : ByTargetPort))
            .Add(ReplyFlags, BySource | ByProtocol | (ports is null ? 0 : BySourcePort)));
        socket.Change([message], $"connections to {target}", Errno.ENOENT);
    }

    private static void Write(NetlinkMessage message, ushort type, int? port)
    {
        if (port is { } number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
            message.Add(type, bytes);
        }
    }
}
