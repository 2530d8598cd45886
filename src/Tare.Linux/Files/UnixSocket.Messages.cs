// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

internal static unsafe partial class UnixSocket
{
    /// <summary>Descriptors in one message that we send or accept; the kernel's SCM_MAX_FD is 253.</summary>
    public const int MaxFds = 32;

    private static readonly int HeaderBytes = sizeof(Libc.cmsghdr);
    private static readonly int ControlBytes = HeaderBytes + (MaxFds * sizeof(int));

    /// <summary>Sends bytes and lends descriptors, of which the receiver gets duplicates. EPIPE, never SIGPIPE.</summary>
    /// <returns>bytes sent (the descriptors go with the first); null when a non-blocking socket is full</returns>
    public static int? TrySend(Fd socket, ReadOnlySpan<byte> bytes, params ReadOnlySpan<Fd> fds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fds.Length, MaxFds);
        byte* control = stackalloc byte[ControlBytes];
        fixed (byte* p = bytes)
        {
            Libc.iovec vector = new() { iov_base = p, iov_len = (nuint)bytes.Length };
            Libc.msghdr message = new() { msg_iov = &vector, msg_iovlen = 1 };
            if (!fds.IsEmpty)
            {
                message.msg_control = control;
                message.msg_controllen = PutFds(control, fds);
            }

            nint n;
            do
            {
                n = Libc.sendmsg(socket.Raw, &message, Libc.MSG_NOSIGNAL);
            }
            while (n < 0 && Libc.LastErrno == Errno.EINTR);
            return n >= 0
                ? (int)n
                : Libc.LastErrno == Errno.EAGAIN ? null : throw new LinuxException(Libc.LastErrno, "sendmsg");
        }
    }

    /// <summary>Sends everything over a blocking socket; the descriptors travel with the first byte.</summary>
    public static void Send(Fd socket, ReadOnlySpan<byte> bytes, params ReadOnlySpan<Fd> fds)
    {
        do
        {
            int n = TrySend(socket, bytes, fds) ?? throw new LinuxException(Errno.EAGAIN, "sendmsg");
            bytes = bytes[n..];
            fds = default;
        }
        while (!bytes.IsEmpty);
    }

    /// <summary>Receives bytes and the descriptors that come with them, which the caller then owns.</summary>
    /// <param name="socket">connected</param>
    /// <param name="buffer">a message longer than this is EMSGSIZE, for kinds with messages</param>
    /// <param name="fds">received descriptors are added, close-on-exec; more than <see cref="MaxFds"/> is EMSGSIZE</param>
    /// <returns>0 at the end; null when a non-blocking socket has nothing now</returns>
    public static int? TryReceive(Fd socket, Span<byte> buffer, ICollection<Fd> fds)
    {
        byte* control = stackalloc byte[ControlBytes];
        fixed (byte* p = buffer)
        {
            Libc.iovec vector = new() { iov_base = p, iov_len = (nuint)buffer.Length };
            Libc.msghdr message = new()
            {
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = (nuint)ControlBytes,
            };
            nint n;
            do
            {
                n = Libc.recvmsg(socket.Raw, &message, Libc.MSG_CMSG_CLOEXEC);
            }
            while (n < 0 && Libc.LastErrno == Errno.EINTR);
            if (n < 0)
            {
                return Libc.LastErrno == Errno.EAGAIN ? null : throw new LinuxException(Libc.LastErrno, "recvmsg");
            }

            List<Fd> received = TakeFds(new ReadOnlySpan<byte>(control, (int)message.msg_controllen));
            if ((message.msg_flags & (Libc.MSG_CTRUNC | Libc.MSG_TRUNC)) != 0)
            {
                received.ForEach(static fd => fd.Dispose());
                throw new LinuxException(Errno.EMSGSIZE, "recvmsg");
            }

            received.ForEach(fds.Add);
            return (int)n;
        }
    }

    private static nuint PutFds(byte* control, ReadOnlySpan<Fd> fds)
    {
        // SAFETY: room for MaxFds numbers, and the caller has checked the count
        Libc.cmsghdr* header = (Libc.cmsghdr*)control;
        header->cmsg_len = (nuint)(HeaderBytes + (fds.Length * sizeof(int)));
        header->cmsg_level = Libc.SOL_SOCKET;
        header->cmsg_type = Libc.SCM_RIGHTS;
        int* numbers = (int*)(control + HeaderBytes);
        for (int i = 0; i < fds.Length; i++)
        {
            numbers[i] = fds[i].Raw;
        }

        return header->cmsg_len;
    }

    private static List<Fd> TakeFds(ReadOnlySpan<byte> control)
    {
        List<Fd> fds = [];
        while (control.Length >= HeaderBytes)
        {
            Libc.cmsghdr header = MemoryMarshal.Read<Libc.cmsghdr>(control);
            int length = (int)Math.Clamp(header.cmsg_len, (nuint)HeaderBytes, (nuint)control.Length);
            if (header.cmsg_level == Libc.SOL_SOCKET && header.cmsg_type == Libc.SCM_RIGHTS)
            {
                foreach (int number in MemoryMarshal.Cast<byte, int>(control[HeaderBytes..length]))
                {
                    fds.Add(new Fd(number));
                }
            }

            int aligned = (length + (sizeof(nuint) - 1)) & ~(sizeof(nuint) - 1);
            control = control[Math.Min(aligned, control.Length)..];
        }

        return fds;
    }
}
