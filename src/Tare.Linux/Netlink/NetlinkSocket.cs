// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Netlink;

/// <summary>Asks the kernel about the network of one network namespace, that in which it was opened, and changes it.</summary>
/// <remarks>man netlink(7), rtnetlink(7). Not thread-safe: one question at a time.</remarks>
internal sealed class NetlinkSocket : IDisposable
{
    private const int AF_NETLINK = 16;
    private const int SOCK_RAW = 3;
    private const int NETLINK_ROUTE = 0;
    private const int NETLINK_NETFILTER = 12;
    private const int BufferBytes = 64 << 10;

    private readonly Fd _socket;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private uint _sequence;

    private NetlinkSocket(Fd socket) => _socket = socket;

    /// <summary>Devices, addresses, routes of this process's network namespace.</summary>
    public static NetlinkSocket Open() => new(Create(NETLINK_ROUTE));

    /// <summary>As <see cref="Open"/>, in another.</summary>
    /// <param name="space">lent: /proc/PID/ns/net</param>
    /// <exception cref="LinuxException">EINVAL: no network namespace; EPERM</exception>
    public static NetlinkSocket OpenIn(Fd space) => NetworkSpace.Do(space, Open);

    /// <summary>The packet filter of the network namespace of the calling thread.</summary>
    public static NetlinkSocket OpenFilter() => new(Create(NETLINK_NETFILTER));

    /// <summary>Sends a question or a change, and waits for all that is answered.</summary>
    /// <returns>fixed part and attributes of each answer, in order</returns>
    /// <exception cref="LinuxException">the kernel refuses; EBADMSG: its answer makes no sense</exception>
    public List<byte[]> Ask(NetlinkMessage message, string what)
    {
        _socket.Write(message.ToBytes(++_sequence));
        List<byte[]> answers = [];
        bool isLong = (message.Flags & NetlinkMessage.NLM_F_DUMP) == NetlinkMessage.NLM_F_DUMP;
        bool isAcknowledged = (message.Flags & NetlinkMessage.NLM_F_ACK) != 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _socket.Read(_buffer));
            while (!rest.IsEmpty)
            {
                ReadOnlySpan<byte> one = Take(ref rest, out ushort type, out uint sequence);
                if (sequence != _sequence)
                {
                    // of a batch that was refused before
                    continue;
                }

                if (type == NetlinkMessage.Done || (type == NetlinkMessage.Error && IsSuccess(one, what)))
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

    /// <summary>Sends several changes in one call and waits until each was made or refused.</summary>
    /// <param name="changes">each wants an acknowledgement, except those that say otherwise; the kernel makes one after the other</param>
    /// <param name="what">for errors</param>
    /// <param name="tolerated">does not count as refused</param>
    /// <exception cref="LinuxException">the first refusal; the others were tried too, unless they are of one transaction</exception>
    public void Change(IReadOnlyList<NetlinkMessage> changes, string what, Errno tolerated = Errno.None)
    {
        uint first = _sequence + 1;
        byte[] bytes = [.. changes.SelectMany(change => change.ToBytes(++_sequence))];
        uint last = first - 1;
        for (int i = 0; i < changes.Count; i++)
        {
            last = (changes[i].Flags & NetlinkMessage.NLM_F_ACK) != 0 ? first + (uint)i : last;
        }

        _socket.Write(bytes);
        Errno failure = Errno.None;
        for (bool isOver = last < first; !isOver;)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _socket.Read(_buffer));
            while (!rest.IsEmpty)
            {
                ReadOnlySpan<byte> one = Take(ref rest, out ushort type, out uint sequence);
                if (type != NetlinkMessage.Error || sequence < first)
                {
                    continue;
                }

                Errno errno = ErrnoOf(one);
                failure = failure == Errno.None && errno != tolerated ? errno : failure;
                isOver |= sequence == last || IsWhole(errno, changes, sequence - first);
            }
        }

        if (failure != Errno.None)
        {
            throw new LinuxException(failure, "netlink", what);
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Closes it without waiting for the kernel to let go of what was removed from the packet filter.</summary>
    /// <remarks>
    /// The last descriptor of a socket of nf_tables waits for a grace period of RCU, 4 to 8 ms, if anything was removed shortly
    /// before. So it is left to the kernel's own collector: in flight in a unix socket that nobody but itself refers to.
    /// man unix(7), SCM_RIGHTS
    /// </remarks>
    public void Abandon()
    {
        try
        {
            (Fd to, Fd from) = UnixSocket.Pair(SocketKind.Stream);
            using (to)
            using (from)
            {
                UnixSocket.TrySend(to, "x"u8, from, _socket);

                // before the pair is closed: then the one in flight is the last
                Dispose();
            }
        }
        catch (LinuxException)
        {
            // a host that is short of something is waited for
            Dispose();
        }
    }

    /// <summary>A transaction that cannot even begin is answered for its first message alone.</summary>
    private static bool IsWhole(Errno errno, IReadOnlyList<NetlinkMessage> changes, uint at) =>
        errno != Errno.None && (changes[(int)at].Flags & NetlinkMessage.NLM_F_ACK) == 0;

    private static Fd Create(int protocol) => new(
        Libc.Check(Libc.socket(AF_NETLINK, SOCK_RAW | Libc.SOCK_CLOEXEC, protocol), "socket", "AF_NETLINK"));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, out ushort type, out uint sequence)
    {
        int length = rest.Length >= NetlinkMessage.HeaderBytes ? BinaryPrimitives.ReadInt32LittleEndian(rest) : 0;
        if (length < NetlinkMessage.HeaderBytes || length > rest.Length)
        {
            throw new LinuxException(Errno.EBADMSG, "netlink", "message");
        }

        type = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
        sequence = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
        ReadOnlySpan<byte> one = rest[NetlinkMessage.HeaderBytes..length];
        rest = rest[Math.Min(NetlinkMessage.Aligned(length), rest.Length)..];
        return one;
    }

    private static bool IsSuccess(ReadOnlySpan<byte> error, string what) =>
        ErrnoOf(error) is var errno && errno == Errno.None ? true : throw new LinuxException(errno, "netlink", what);

    /// <summary>struct nlmsgerr: 0 is the acknowledgement.</summary>
    private static Errno ErrnoOf(ReadOnlySpan<byte> error) =>
        error.Length >= sizeof(int) ? (Errno)(-BinaryPrimitives.ReadInt32LittleEndian(error)) : Errno.EBADMSG;
}
