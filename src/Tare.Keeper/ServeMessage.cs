// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Keeper.Names;
using Tare.Keeper.Relay;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>How a serve order and its sockets travel to a keeper that runs.</summary>
/// <remarks>
/// One message carries only so many descriptors. Because an order is a whole state in which what came before stays, a
/// large one goes as a row of states, each with some more of the ports.
/// </remarks>
internal static class ServeMessage
{
    /// <summary>Beside the sealed order.</summary>
    public const int MaxSockets = UnixSocket.MaxFds - 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends it and waits until it was carried out.</summary>
    /// <param name="session">nothing else was asked of it</param>
    /// <param name="order">the whole wanted state</param>
    /// <param name="given">lent; the sockets that the order numbers</param>
    public static Errno Send(KeeperSession session, ServeOrder order, IReadOnlyList<Fd> given)
    {
        foreach ((ServeOrder state, List<Fd> sockets) in Cut(order, given))
        {
            Errno error = SendOne(session, state, sockets);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }

    /// <summary>States that lead to the order, each with no more sockets than a message carries.</summary>
    internal static IEnumerable<(ServeOrder State, List<Fd> Sockets)> Cut(ServeOrder order, IReadOnlyList<Fd> given)
    {
        List<Fd> sockets = [];
        NameOrder? names = order.Names is null ? null : order.Names with
        {
            Udp = Number(order.Names.Udp, given, sockets),
            Tcp = Number(order.Names.Tcp, given, sockets),
        };
        List<RelayOrder> relays = [.. order.Relays.Where(relay => relay.Socket is null)];
        foreach (RelayOrder relay in order.Relays.Where(relay => relay.Socket is not null))
        {
            if (sockets.Count == MaxSockets)
            {
                yield return (order with { Names = names, Relays = [.. relays] }, sockets);

                // what was sent is there from now on
                sockets = [];
                names = names is null ? null : names with { Udp = null, Tcp = null };
                relays = [.. relays.Select(sent => sent with { Socket = null })];
            }

            relays.Add(relay with { Socket = Number(relay.Socket, given, sockets) });
        }

        yield return (order with { Names = names, Relays = relays }, sockets);
    }

    private static int? Number(int? old, IReadOnlyList<Fd> given, List<Fd> sockets)
    {
        if (old is { } number)
        {
            sockets.Add(given[number]);
        }

        return old is null ? null : sockets.Count - 1;
    }

    private static Errno SendOne(KeeperSession session, ServeOrder order, List<Fd> sockets)
    {
        using Fd sealedOrder = MemoryFile.Sealed("tare-serve"u8, ServeOrderCodec.Encode(order));
        Span<byte> frame = stackalloc byte[Protocol.HeaderBytes];
        frame.Clear();
        frame[0] = (byte)FrameKind.Serve;
        try
        {
            UnixSocket.Send(session.Socket, frame, [sealedOrder, .. sockets]);
        }
        catch (LinuxException gone) when (gone.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            return Errno.ESRCH;
        }

        return WaitAnswer(session);
    }

    private static Errno WaitAnswer(KeeperSession session)
    {
        do
        {
            while (session.Reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                if (kind == FrameKind.Answer && payload.Length >= 8 && payload[0] == (byte)FrameKind.Serve)
                {
                    return (Errno)BinaryPrimitives.ReadInt32LittleEndian(payload[4..]);
                }

                if (kind == FrameKind.Exited)
                {
                    return Errno.ESRCH;
                }
            }

            if (!Poll.Wait([new PollEntry(session.Socket, EpollEvents.Readable)], Patience))
            {
                return Errno.ETIMEDOUT;
            }
        }
        while (session.Reader.Fill(session.Socket));
        return Errno.ESRCH;
    }
}
