// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Netlink;

/// <summary>Hears what is changed, by anybody, in the network namespace in which it was opened.</summary>
/// <remarks>
/// man netlink(7), multicast groups; <see cref="Filter.FilterNews"/> and <see cref="DeviceNews"/> understand what comes. Never waits.
/// Only the kernel, and who may administer this network, can send to it.
/// </remarks>
internal sealed unsafe class NetworkNews : IDisposable
{
    private const int AF_NETLINK = 16;
    private const int SOCK_RAW = 3;
    private const int NETLINK_ROUTE = 0;
    private const int NETLINK_NETFILTER = 12;
    private const int SOL_NETLINK = 270;
    private const int NETLINK_ADD_MEMBERSHIP = 1;
    private const int RTNLGRP_LINK = 1;
    private const int NFNLGRP_NFTABLES = 7;
    private const int SO_ATTACH_FILTER = 26;

    /// <summary>struct sockaddr_nl</summary>
    private const int AddressBytes = 12;

    private NetworkNews(Fd socket) => Socket = socket;

    /// <summary>Readable when there is something new. Lent.</summary>
    public Fd Socket { get; }

    /// <summary>Of the packet filter.</summary>
    /// <exception cref="LinuxException">EPROTONOSUPPORT: the kernel has none; EPERM</exception>
    public static NetworkNews OfFilter() => Open(NETLINK_NETFILTER, NFNLGRP_NFTABLES, static _ => { });

    /// <summary>Of devices that have gone; of nothing else, so that the start of a container wakes nobody.</summary>
    public static NetworkNews OfLostDevices() => Open(NETLINK_ROUTE, RTNLGRP_LINK, PassRemovals);

    /// <summary>Takes one lot of messages.</summary>
    /// <param name="buffer">for them</param>
    /// <param name="bytes">how many there are; 0: some were lost, because nobody took them for too long</param>
    /// <returns>false: there is nothing now</returns>
    public bool TryTake(Span<byte> buffer, out int bytes)
    {
        try
        {
            int? count = Socket.TryRead(buffer);
            bytes = count ?? 0;
            return count is not null;
        }
        catch (LinuxException lost) when (lost.Errno == Errno.ENOBUFS)
        {
            bytes = 0;
            return true;
        }
    }

    public void Dispose() => Socket.Dispose();

    private static NetworkNews Open(int protocol, int group, Action<Fd> prepare)
    {
        int type = SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK;
        Fd socket = new(Libc.Check(Libc.socket(AF_NETLINK, type, protocol), "socket", "AF_NETLINK"));
        try
        {
            prepare(socket);

            // the kernel sends nothing to a socket without a number
            byte* address = stackalloc byte[AddressBytes];
            new Span<byte>(address, AddressBytes).Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(address, AddressBytes), AF_NETLINK);
            Libc.Check(Libc.bind(socket.Raw, address, AddressBytes), "bind", "AF_NETLINK");
            Libc.Check(Libc.setsockopt(socket.Raw, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(int)), "setsockopt", "NETLINK_ADD_MEMBERSHIP");
            return new(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The kernel looks at the type of the first message: load it, compare it, take all or nothing. man socket(7)</summary>
    private static void PassRemovals(Fd socket)
    {
        const int TypeOffset = 4;
        const ushort LoadHalf = 0x28;
        const ushort SkipUnlessEqual = 0x15;
        const ushort Return = 0x06;

        // it loads the most significant byte first, the type is of the machine's own order
        uint removal = BinaryPrimitives.ReverseEndianness(NetlinkMessage.RTM_DELLINK);
        sock_filter* program = stackalloc sock_filter[]
        {
            new() { code = LoadHalf, k = TypeOffset },
            new() { code = SkipUnlessEqual, jf = 1, k = removal },
            new() { code = Return, k = uint.MaxValue },
            new() { code = Return, k = 0 },
        };
        sock_fprog filter = new() { len = 4, filter = program };
        Libc.Check(Libc.setsockopt(socket.Raw, Libc.SOL_SOCKET, SO_ATTACH_FILTER, &filter, (uint)sizeof(sock_fprog)), "setsockopt", "SO_ATTACH_FILTER");
    }

    /// <summary>linux/filter.h</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct sock_filter
    {
        public ushort code;
        public byte jt;
        public byte jf;
        public uint k;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct sock_fprog
    {
        public ushort len;
        public sock_filter* filter;
    }
}
