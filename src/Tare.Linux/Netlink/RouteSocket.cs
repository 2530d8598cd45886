// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Netlink;

/// <summary>Asks the kernel about the devices of one network namespace, that in which it was opened, and changes them.</summary>
/// <remarks>man rtnetlink(7). Not thread-safe: one question at a time.</remarks>
internal sealed class RouteSocket : IDisposable
{
    private const int AF_NETLINK = 16;
    private const int SOCK_RAW = 3;
    private const int NETLINK_ROUTE = 0;
    private const nint CLONE_NEWNET = 0x40000000;
    private const int BufferBytes = 64 << 10;

    private readonly Fd _socket;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private uint _sequence;

    private RouteSocket(Fd socket) => _socket = socket;

    /// <summary>In this process's network namespace.</summary>
    public static RouteSocket Open() => new(Create());

    /// <summary>In another; a thread of its own goes there for it, and ends.</summary>
    /// <param name="space">lent: /proc/PID/ns/net</param>
    /// <exception cref="LinuxException">EINVAL: no network namespace; EPERM</exception>
    public static RouteSocket OpenIn(Fd space)
    {
        Fd? socket = null;
        LinuxException? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Libc.Check(Libc.syscall(SystemCall.setns, space.Raw, CLONE_NEWNET, 0, 0, 0, 0), "setns", "network namespace");
                socket = Create();
            }
            catch (LinuxException refused)
            {
                failure = refused;
            }
        });
        thread.Start();
        thread.Join();
        return socket is null ? throw failure! : new(socket);
    }

    /// <summary>Sends a question or a change, and waits for all that is answered.</summary>
    /// <returns>fixed part and attributes of each answer, in order</returns>
    /// <exception cref="LinuxException">the kernel refuses; EBADMSG: its answer makes no sense</exception>
    public List<byte[]> Ask(RouteMessage message, string what)
    {
        _socket.Write(message.ToBytes(++_sequence));
        List<byte[]> answers = [];
        bool isLong = (message.Flags & RouteMessage.NLM_F_DUMP) != 0;
        bool isAcknowledged = (message.Flags & RouteMessage.NLM_F_ACK) != 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _socket.Read(_buffer));
            while (!rest.IsEmpty)
            {
                ReadOnlySpan<byte> one = Take(ref rest, out ushort type);
                if (type == RouteMessage.Done || (type == RouteMessage.Error && IsSuccess(one, what)))
                {
                    return answers;
                }

                answers.Add(one.ToArray());
            }

            if (!isLong && !isAcknowledged && answers.Count > 0)
            {
                return answers;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static Fd Create() => new(
        Libc.Check(Libc.socket(AF_NETLINK, SOCK_RAW | Libc.SOCK_CLOEXEC, NETLINK_ROUTE), "socket", "AF_NETLINK"));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, out ushort type)
    {
        int length = rest.Length >= RouteMessage.HeaderBytes ? BinaryPrimitives.ReadInt32LittleEndian(rest) : 0;
        if (length < RouteMessage.HeaderBytes || length > rest.Length)
        {
            throw new LinuxException(Errno.EBADMSG, "netlink", "message");
        }

        type = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
        ReadOnlySpan<byte> one = rest[RouteMessage.HeaderBytes..length];
        rest = rest[Math.Min(RouteMessage.Aligned(length), rest.Length)..];
        return one;
    }

    /// <summary>struct nlmsgerr: 0 is the acknowledgement.</summary>
    private static bool IsSuccess(ReadOnlySpan<byte> error, string what)
    {
        int number = error.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(error) : -(int)Errno.EBADMSG;
        return number == 0 ? true : throw new LinuxException((Errno)(-number), "netlink", what);
    }
}
