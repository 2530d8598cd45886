// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>A published TCP port: accepts on the host, connects to the container.</summary>
internal sealed class TcpRelay : IRelay
{
    private const int AcceptsPerTurn = 16;

    private readonly Loop _loop;
    private readonly Relays _relays;
    private readonly Fd _listener;
    private readonly Watch _watch;
    private readonly HashSet<RelayedConnection> _connections = [];

    /// <param name="loop">lent</param>
    /// <param name="relays">whose limits count</param>
    /// <param name="listener">owned from now on</param>
    /// <param name="route">where to</param>
    public TcpRelay(Loop loop, Relays relays, Fd listener, RelayRoute route)
    {
        (_loop, _relays, _listener, Route) = (loop, relays, listener, route);
        listener.SetNonBlocking(true);

        // what it accepts is like it
        InetSocket.SetForRelay(listener);
        _watch = loop.Watch(listener, _ => Accept());
        _watch.Wanted = EpollEvents.Readable;
    }

    public RelayRoute Route { get; set; }

    public void AcceptAgain() => _watch.Wanted = EpollEvents.Readable;

    public void Dispose()
    {
        _watch.Remove();
        _listener.Dispose();
        foreach (RelayedConnection connection in _connections)
        {
            connection.Finish();
            connection.Dispose();
        }

        int ended = _connections.Count;
        _connections.Clear();
        _relays.Left(ended);
    }

    internal void Ended(RelayedConnection connection)
    {
        connection.Dispose();
        if (_connections.Remove(connection))
        {
            _relays.Left(1);
        }
    }

    private void Accept()
    {
        using OpenFileRoom room = new();
        try
        {
            for (int i = 0; i < AcceptsPerTurn; i++)
            {
                if (!_relays.HasRoom)
                {
                    Wait();
                    return;
                }

                if (InetSocket.TryAccept(_listener, out InetEnd client) is not { } socket)
                {
                    return;
                }

                Tie(socket, client.Unmapped);
            }
        }
        catch (LinuxException)
        {
            // no descriptors or no memory left: whoever is in the queue is served later
            Wait();
        }
    }

    private void Wait()
    {
        _watch.Wanted = EpollEvents.None;
        _relays.Wait();
    }

    private void Tie(Fd client, InetEnd end)
    {
        RelayedConnection? connection = null;
        try
        {
            Fd target = Route.Connect(SocketKind.Stream, end);
            connection = new RelayedConnection(_loop, this, _relays.Pipes, client, target);
            connection.Begin();
            _connections.Add(connection);
            _relays.Came();
        }
        catch (LinuxException)
        {
            if (connection is not null)
            {
                connection.Dispose();
                return;
            }

            InetSocket.ResetOnClose(client);
            client.Dispose();
        }
    }
}
