// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Sockets;

/// <summary>TCP and UDP sockets that never wait: all of them are non-blocking.</summary>
/// <remarks>man ip(7), tcp(7), udp(7). They belong to the network namespace of the thread that makes them.</remarks>
internal static unsafe partial class InetSocket
{
    /// <param name="isV6">IPv6 alone: IPv4 has sockets of its own</param>
    /// <param name="kind">Stream or Datagram</param>
    public static Fd Create(bool isV6, SocketKind kind)
    {
        int family = isV6 ? Libc.AF_INET6 : Libc.AF_INET;
        int type = (int)kind | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK;
        Fd socket = new(Libc.Check(Libc.socket(family, type, 0), "socket", isV6 ? "AF_INET6" : "AF_INET"));
        if (isV6)
        {
            Set(socket, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
        }

        return socket;
    }

    /// <summary>A socket that accepts connections there; port 0 is any free one.</summary>
    /// <exception cref="LinuxException">EADDRINUSE, EADDRNOTAVAIL</exception>
    public static Fd Listen(InetEnd end, int backlog = 4096)
    {
        Fd socket = Create(end.Address.IsV6, SocketKind.Stream);
        try
        {
            Set(socket, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
            Bind(socket, end);
            Libc.Check(Libc.listen(socket.Raw, backlog), "listen", end.ToString());
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A socket that receives datagrams there and tells to which address they were sent; port 0 is any.</summary>
    /// <exception cref="LinuxException">EADDRINUSE, EADDRNOTAVAIL</exception>
    public static Fd BindDatagram(InetEnd end)
    {
        Fd socket = Create(end.Address.IsV6, SocketKind.Datagram);
        try
        {
            Bind(socket, end);
            ReportDestination(socket, end.Address.IsV6);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static void Bind(Fd socket, InetEnd end)
    {
        Errno error = TryBind(socket, end);
        if (error != Errno.None)
        {
            throw new LinuxException(error, "bind", end.ToString());
        }
    }

    public static Errno TryBind(Fd socket, InetEnd end)
    {
        byte* raw = stackalloc byte[InetEnd.MaxBytes];
        uint length = (uint)end.Write(new Span<byte>(raw, InetEnd.MaxBytes));
        return Libc.bind(socket.Raw, raw, length) == 0 ? Errno.None : Libc.LastErrno;
    }

    /// <summary>Begins a connection, of a datagram socket makes it. EINPROGRESS: writable once it is decided.</summary>
    public static Errno TryConnect(Fd socket, InetEnd end)
    {
        byte* raw = stackalloc byte[InetEnd.MaxBytes];
        uint length = (uint)end.Write(new Span<byte>(raw, InetEnd.MaxBytes));
        return Libc.connect(socket.Raw, raw, length) == 0 ? Errno.None : Libc.LastErrno;
    }

    /// <summary>The next connection, non-blocking; null when there is none now.</summary>
    /// <exception cref="LinuxException">EMFILE, ENFILE, ENOBUFS, ENOMEM: it waits in the queue</exception>
    public static Fd? TryAccept(Fd listener, out InetEnd peer)
    {
        byte* raw = stackalloc byte[InetEnd.MaxBytes];
        uint length;
        int fd;
        do
        {
            length = InetEnd.MaxBytes;
            fd = Libc.accept4(listener.Raw, raw, &length, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
        }
        while (fd < 0 && IsOfOneConnection(Libc.LastErrno));
        peer = fd < 0 ? default : InetEnd.Read(new ReadOnlySpan<byte>(raw, InetEnd.MaxBytes)[..(int)length]);
        return fd >= 0 ? new Fd(fd)
            : Libc.LastErrno == Errno.EAGAIN ? null
            : throw new LinuxException(Libc.LastErrno, "accept");
    }

    /// <summary>The socket's own end.</summary>
    public static InetEnd LocalEnd(Fd socket)
    {
        byte* raw = stackalloc byte[InetEnd.MaxBytes];
        uint length = InetEnd.MaxBytes;
        Libc.Check(Libc.getsockname(socket.Raw, raw, &length), "getsockname");
        return InetEnd.Read(new ReadOnlySpan<byte>(raw, InetEnd.MaxBytes)[..(int)length]);
    }

    /// <summary>What went wrong since the last call: how a connection that was begun was decided.</summary>
    public static Errno TakeError(Fd socket)
    {
        int value;
        uint length = sizeof(int);
        Libc.Check(Libc.getsockopt(socket.Raw, Libc.SOL_SOCKET, Libc.SO_ERROR, &value, &length), "getsockopt", "SO_ERROR");
        return (Errno)value;
    }

    /// <summary>Closing it tells the other side by a reset instead of an end.</summary>
    public static void ResetOnClose(Fd socket)
    {
        Libc.linger now = new() { l_onoff = 1, l_linger = 0 };
        _ = Libc.setsockopt(socket.Raw, Libc.SOL_SOCKET, Libc.SO_LINGER, &now, (uint)sizeof(Libc.linger));
    }

    /// <summary>It may be bound to an address that is not the host's: that of somebody it speaks for.</summary>
    /// <exception cref="LinuxException">EPERM: without CAP_NET_ADMIN</exception>
    public static void SetTransparent(Fd socket, bool isV6)
    {
        int level = isV6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP;
        Set(socket, level, isV6 ? Libc.IPV6_TRANSPARENT : Libc.IP_TRANSPARENT, 1);
        Set(socket, level, isV6 ? Libc.IPV6_FREEBIND : Libc.IP_FREEBIND, 1);
        Set(socket, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
    }

    /// <summary>Bytes go out at once, a peer that vanished is noticed, and one that does not answer given up in half a minute.</summary>
    public static void SetForRelay(Fd socket)
    {
        const int Attempts = 4;
        Set(socket, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
        Set(socket, Libc.IPPROTO_TCP, Libc.TCP_SYNCNT, Attempts);
        Set(socket, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, 1);
    }

    /// <summary>From now on <see cref="TryReceive(Fd, Span{byte}, out InetEnd, out InetAddress)"/> tells where a datagram was sent to.</summary>
    public static void ReportDestination(Fd socket, bool isV6) => Set(
        socket,
        isV6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP,
        isV6 ? Libc.IPV6_RECVPKTINFO : Libc.IP_PKTINFO,
        1);

    private static void Set(Fd socket, int level, int name, int value) =>
        Libc.Check(Libc.setsockopt(socket.Raw, level, name, &value, sizeof(int)), "setsockopt");

    /// <summary>man accept(2): errors of the network that concern the connection, not the listener.</summary>
    private static bool IsOfOneConnection(Errno error) => error is Errno.EINTR or Errno.ECONNABORTED or Errno.EPROTO
        or Errno.ENETDOWN or Errno.ENOPROTOOPT or Errno.EHOSTDOWN or Errno.ENONET or Errno.EHOSTUNREACH
        or Errno.EOPNOTSUPP or Errno.ENETUNREACH or Errno.EPERM;
}
