// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>One sender of datagrams to a published port, and the socket that speaks for it to the container.</summary>
internal sealed class UdpFlow : IDisposable
{
    private const int DatagramsPerTurn = 32;

    private readonly UdpRelay _relay;
    private readonly Fd _socket;
    private readonly Watch _watch;
    private readonly byte[] _buffer;

    /// <param name="loop">lent</param>
    /// <param name="relay">whose sender it is</param>
    /// <param name="key">who sent to which of our addresses</param>
    /// <param name="socket">owned from now on; connected to the container</param>
    /// <param name="buffer">for a datagram; nothing stays in it</param>
    public UdpFlow(Loop loop, UdpRelay relay, UdpFlowKey key, Fd socket, byte[] buffer)
    {
        (_relay, Key, _socket, _buffer) = (relay, key, socket, buffer);
        _watch = loop.Watch(socket, _ => Receive());
        _watch.Wanted = EpollEvents.Readable;
    }

    public UdpFlowKey Key { get; }

    /// <summary>When something went to or fro last; of <see cref="Environment.TickCount64"/>.</summary>
    public long LastUsed { get; set; } = Environment.TickCount64;

    public bool IsGone { get; private set; }

    /// <summary>To the container; lost when there is no room or nobody who takes it.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            InetSocket.TrySend(_socket, datagram);
        }
        catch (LinuxException)
        {
            // ECONNREFUSED of an earlier one: whoever listens there may come again
        }
    }

    public void Dispose()
    {
        if (!IsGone)
        {
            IsGone = true;
            _watch.Remove();
            _socket.Dispose();
        }
    }

    private void Receive()
    {
        try
        {
            for (int i = 0; i < DatagramsPerTurn && InetSocket.TryReceive(_socket, _buffer) is { } length; i++)
            {
                _relay.Reply(this, _buffer.AsSpan(0, length));
            }
        }
        catch (LinuxException)
        {
            // as above; reading it has taken it away
        }
    }
}
