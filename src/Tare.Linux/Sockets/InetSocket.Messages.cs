// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Sockets;

internal static unsafe partial class InetSocket
{
    private const int V4InfoBytes = 12;
    private const int V6InfoBytes = 20;

    /// <summary>Room for one packet information with its header, and for what else the kernel may add.</summary>
    private const int ControlBytes = 64;

    private static readonly int InfoOffset = sizeof(Libc.cmsghdr);

    /// <summary>Sends once; null when there is no room now. EPIPE, never SIGPIPE.</summary>
    public static int? TrySend(Fd socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            Libc.iovec vector = new() { iov_base = p, iov_len = (nuint)bytes.Length };
            Libc.msghdr message = new() { msg_iov = &vector, msg_iovlen = 1 };
            return Send(socket, &message);
        }
    }

    /// <summary>Sends a datagram; false when there is no room for it now.</summary>
    /// <param name="socket">not connected</param>
    /// <param name="bytes">the whole datagram</param>
    /// <param name="to">its receiver</param>
    /// <param name="from">the address of ours that it comes from; null: what the route says</param>
    public static bool TrySend(Fd socket, ReadOnlySpan<byte> bytes, InetEnd to, InetAddress? from = null)
    {
        byte* name = stackalloc byte[InetEnd.MaxBytes];
        byte* control = stackalloc byte[ControlBytes];
        fixed (byte* p = bytes)
        {
            Libc.iovec vector = new() { iov_base = p, iov_len = (nuint)bytes.Length };
            Libc.msghdr message = new()
            {
                msg_name = name,
                msg_namelen = (uint)to.Write(new Span<byte>(name, InetEnd.MaxBytes)),
                msg_iov = &vector,
                msg_iovlen = 1,
            };
            if (from is { } source)
            {
                message.msg_control = control;
                message.msg_controllen = PutSource(new Span<byte>(control, ControlBytes), source, to.Scope);
            }

            return Send(socket, &message) is not null;
        }
    }

    /// <summary>Receives bytes or one datagram; null when there is nothing now, 0 also at the end of a stream.</summary>
    public static int? TryReceive(Fd socket, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            Libc.iovec vector = new() { iov_base = p, iov_len = (nuint)buffer.Length };
            Libc.msghdr message = new() { msg_iov = &vector, msg_iovlen = 1 };
            return Receive(socket, &message);
        }
    }

    /// <summary>Receives one datagram, cut to the buffer; null when there is none now.</summary>
    /// <param name="socket">not connected</param>
    /// <param name="buffer">gets it</param>
    /// <param name="from">its sender</param>
    /// <param name="to">the address of ours that it was sent to, if <see cref="ReportDestination"/> was asked for</param>
    public static int? TryReceive(Fd socket, Span<byte> buffer, out InetEnd from, out InetAddress to)
    {
        byte* name = stackalloc byte[InetEnd.MaxBytes];
        byte* control = stackalloc byte[ControlBytes];
        fixed (byte* p = buffer)
        {
            Libc.iovec vector = new() { iov_base = p, iov_len = (nuint)buffer.Length };
            Libc.msghdr message = new()
            {
                msg_name = name,
                msg_namelen = InetEnd.MaxBytes,
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = ControlBytes,
            };
            int? length = Receive(socket, &message);
            bool has = length is not null;
            from = has ? InetEnd.Read(new ReadOnlySpan<byte>(name, (int)Math.Min(message.msg_namelen, InetEnd.MaxBytes))) : default;
            to = has ? TakeDestination(new ReadOnlySpan<byte>(control, (int)message.msg_controllen)) : default;
            return length;
        }
    }

    private static int? Send(Fd socket, Libc.msghdr* message)
    {
        nint n;
        do
        {
            n = Libc.sendmsg(socket.Raw, message, Libc.MSG_NOSIGNAL);
        }
        while (n < 0 && Libc.LastErrno == Errno.EINTR);
        return n >= 0 ? (int)n
            : Libc.LastErrno is Errno.EAGAIN or Errno.ENOBUFS ? null
            : throw new LinuxException(Libc.LastErrno, "sendmsg");
    }

    private static int? Receive(Fd socket, Libc.msghdr* message)
    {
        nint n;
        do
        {
            n = Libc.recvmsg(socket.Raw, message, 0);
        }
        while (n < 0 && Libc.LastErrno == Errno.EINTR);
        return n >= 0 ? (int)n
            : Libc.LastErrno == Errno.EAGAIN ? null
            : throw new LinuxException(Libc.LastErrno, "recvmsg");
    }

    private static nuint PutSource(Span<byte> control, InetAddress source, uint scope)
    {
        control.Clear();
        int length = InfoOffset + (source.IsV6 ? V6InfoBytes : V4InfoBytes);
        Libc.cmsghdr header = new()
        {
            cmsg_len = (nuint)length,
            cmsg_level = source.IsV6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP,
            cmsg_type = source.IsV6 ? Libc.IPV6_PKTINFO : Libc.IP_PKTINFO,
        };
        MemoryMarshal.Write(control, header);

        // struct in_pktinfo: interface, source, destination; struct in6_pktinfo: address, interface
        Span<byte> info = control[InfoOffset..];
        source.Write(source.IsV6 ? info : info[4..]);
        if (source is { IsV6: true, IsLinkLocal: true })
        {
            MemoryMarshal.Write(info[16..], scope);
        }

        return (nuint)((length + (sizeof(nuint) - 1)) & ~(sizeof(nuint) - 1));
    }

    private static InetAddress TakeDestination(ReadOnlySpan<byte> control)
    {
        if (control.Length < InfoOffset + V4InfoBytes)
        {
            return default;
        }

        Libc.cmsghdr header = MemoryMarshal.Read<Libc.cmsghdr>(control);
        ReadOnlySpan<byte> info = control[InfoOffset..];
        return header switch
        {
            { cmsg_level: Libc.IPPROTO_IP, cmsg_type: Libc.IP_PKTINFO } => InetAddress.Read(info[4..8]),
            { cmsg_level: Libc.IPPROTO_IPV6, cmsg_type: Libc.IPV6_PKTINFO } when info.Length >= V6InfoBytes =>
                InetAddress.Read(info[..16]),
            _ => default,
        };
    }
}
