// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>Unix sockets: addressed by directory and name, so that no path is too long and none is re-resolved.</summary>
/// <remarks>man unix(7). Abstract addresses are never used: whoever shares the network namespace reaches them.</remarks>
internal static unsafe partial class UnixSocket
{
    /// <summary>Two connected ends.</summary>
    public static (Fd, Fd) Pair(SocketKind kind)
    {
        int* ends = stackalloc int[2];
        Libc.Check(Libc.socketpair(Libc.AF_UNIX, (int)kind | Libc.SOCK_CLOEXEC, 0, ends), "socketpair");
        return (new Fd(ends[0]), new Fd(ends[1]));
    }

    /// <summary>Makes <paramref name="name"/> in the directory (EADDRINUSE when taken) and listens on it.</summary>
    /// <param name="directory">who may reach it is for this directory's mode to say</param>
    /// <param name="name">one component</param>
    /// <param name="kind">Stream or Messages</param>
    /// <param name="mode">permission bits of the socket: writing is connecting</param>
    public static Fd Listen(Fd directory, ReadOnlySpan<byte> name, SocketKind kind, uint mode = 0b110_000_000)
    {
        const int Backlog = 128;
        Fd socket = Create(kind);
        try
        {
            Libc.sockaddr_un address = Address(directory, name);
            Libc.Check(Libc.bind(socket.Raw, &address, (uint)sizeof(Libc.sockaddr_un)), "bind", CString.Show(name));

            // nobody can connect before listen, so the mode is in time
            directory.SetMode(name, mode);
            Libc.Check(Libc.listen(socket.Raw, Backlog), "listen", CString.Show(name));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Null when nobody listens there (ENOENT, ECONNREFUSED).</summary>
    public static Fd? TryConnect(Fd directory, ReadOnlySpan<byte> name, SocketKind kind)
    {
        Fd socket = Create(kind);
        Libc.sockaddr_un address = Address(directory, name);
        int result;
        do
        {
            result = Libc.connect(socket.Raw, &address, (uint)sizeof(Libc.sockaddr_un));
        }
        while (result < 0 && Libc.LastErrno == Errno.EINTR);
        if (result == 0)
        {
            return socket;
        }

        Errno errno = Libc.LastErrno;
        socket.Dispose();
        return errno is Errno.ENOENT or Errno.ECONNREFUSED
            ? null
            : throw new LinuxException(errno, "connect", CString.Show(name));
    }

    /// <summary>The next connection; null when the socket is non-blocking and there is none.</summary>
    public static Fd? Accept(Fd listener)
    {
        while (true)
        {
            int fd = Libc.accept4(listener.Raw, null, null, Libc.SOCK_CLOEXEC);
            if (fd >= 0)
            {
                return new Fd(fd);
            }

            switch (Libc.LastErrno)
            {
                case Errno.EINTR or Errno.ECONNABORTED:
                    continue;
                case Errno.EAGAIN:
                    return null;
                default:
                    throw new LinuxException(Libc.LastErrno, "accept");
            }
        }
    }

    public static PeerCredentials Peer(Fd socket)
    {
        Libc.ucred credentials;
        uint length = (uint)sizeof(Libc.ucred);
        int result = Libc.getsockopt(socket.Raw, Libc.SOL_SOCKET, Libc.SO_PEERCRED, &credentials, &length);
        Libc.Check(result, "getsockopt", "SO_PEERCRED");
        return new PeerCredentials(credentials.pid, credentials.uid, credentials.gid);
    }

    /// <summary>Tells the other end that no more bytes come; reading goes on.</summary>
    public static void EndSending(Fd socket)
    {
        if (Libc.shutdown(socket.Raw, Libc.SHUT_WR) < 0 && Libc.LastErrno != Errno.ENOTCONN)
        {
            throw new LinuxException(Libc.LastErrno, "shutdown");
        }
    }

    private static Fd Create(SocketKind kind) =>
        new(Libc.Check(Libc.socket(Libc.AF_UNIX, (int)kind | Libc.SOCK_CLOEXEC, 0), "socket", "AF_UNIX"));

    private static Libc.sockaddr_un Address(Fd directory, ReadOnlySpan<byte> name)
    {
        if (!FileName.IsValid(name))
        {
            throw new LinuxException(Errno.EINVAL, "socket name", CString.Show(name));
        }

        byte[] path = ProcPath.In(directory, name);
        if (path.Length >= Libc.sun_path.Size)
        {
            throw new LinuxException(Errno.ENAMETOOLONG, "socket name", CString.Show(name));
        }

        Libc.sockaddr_un address = default;
        address.sun_family = Libc.AF_UNIX;
        path.CopyTo(address.sun_path);
        return address;
    }
}
