// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>A published UDP port: each sender has a socket towards the container, so that answers find back.</summary>
internal sealed class UdpRelay : IRelay
{
    private const int DatagramsPerTurn = 64;

    private readonly Loop _loop;
    private readonly Relays _relays;
    private readonly Fd _socket;
    private readonly Watch _watch;

    /// <param name="loop">lent</param>
    /// <param name="relays">whose limits count</param>
    /// <param name="socket">owned from now on</param>
    /// <param name="route">where to</param>
    public UdpRelay(Loop loop, Relays relays, Fd socket, RelayRoute route)
    {
        (_loop, _relays, _socket) = (loop, relays, socket);
        Route = route;
        socket.SetNonBlocking(true);
        InetSocket.ReportDestination(socket, InetSocket.LocalEnd(socket).Address.IsV6);
        _watch = loop.Watch(socket, _ => Receive());
        _watch.Wanted = EpollEvents.Readable;
    }

    /// <summary>Where senders are led to; a new target knows none of those that are known already.</summary>
    public RelayRoute Route
    {
        get;
        set
        {
            if (field is not null && value.Target != field.Target)
            {
                _relays.Flows.Drop(this);
            }

            field = value;
        }
    }

    public void AcceptAgain()
    {
        // datagrams that are not taken are lost; nobody waits
    }

    public void Dispose()
    {
        _relays.Flows.Drop(this);
        _watch.Remove();
        _socket.Dispose();
    }

    /// <summary>What the container answers goes to the sender, from the address that it sent to.</summary>
    internal void Reply(UdpFlow flow, ReadOnlySpan<byte> datagram)
    {
        _relays.Flows.Touch(flow);
        try
        {
            InetAddress? from = flow.Key.Local.IsAny ? null : flow.Key.Local;
            InetSocket.TrySend(_socket, datagram, flow.Key.Client, from);
        }
        catch (LinuxException)
        {
            // there is no way to it any more
        }
    }

    private void Receive()
    {
        try
        {
            for (int i = 0; i < DatagramsPerTurn; i++)
            {
                if (InetSocket.TryReceive(_socket, _relays.Buffer, out InetEnd client, out InetAddress local) is not { } length)
                {
                    return;
                }

                FlowOf(new UdpFlowKey(this, client, local))?.Send(_relays.Buffer.AsSpan(0, length));
            }
        }
        catch (LinuxException)
        {
            // an error of the network that concerns nobody here
        }
    }

    /// <summary>Null: there is no way to the container, or no descriptor left.</summary>
    private UdpFlow? FlowOf(in UdpFlowKey key)
    {
        if (_relays.Flows.Find(key) is { } known)
        {
            return known;
        }

        using OpenFileRoom room = new();
        try
        {
            Fd socket = Route.Connect(SocketKind.Datagram, key.Client);
            UdpFlow flow = new(_loop, this, key, socket, _relays.Buffer);
            _relays.Flows.Add(flow);
            return flow;
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
