// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>All published ports whose sockets this keeper holds.</summary>
/// <remarks>Start reading here, then <see cref="TcpRelay"/> and <see cref="UdpRelay"/>.</remarks>
internal sealed class Relays : IDisposable
{
    private const int MaxDatagramBytes = 65536;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Loop _loop;
    private readonly RelayLimits _limits;
    private readonly Dictionary<string, (IRelay Relay, bool IsUdp)> _relays = [];
    private readonly Ticker _retry;
    private bool _isWaiting;

    /// <param name="loop">lent</param>
    /// <param name="limits">null: the usual ones</param>
    public Relays(Loop loop, RelayLimits? limits = null)
    {
        _loop = loop;
        _limits = limits ?? RelayLimits.Default;
        Flows = new UdpFlows(loop, _limits);
        _retry = new Ticker(loop, RetryInterval, _ => AcceptAgain());
        _retry.Prepare();
    }

    /// <summary>TCP connections of all ports.</summary>
    public int Connections { get; private set; }

    public int Count => _relays.Count;

    internal PipePool Pipes { get; } = new();

    internal UdpFlows Flows { get; }

    /// <summary>For one datagram; nothing stays in it.</summary>
    internal byte[] Buffer => field ??= IdleMemory.Buffer(MaxDatagramBytes);

    internal bool HasRoom => Connections < _limits.Connections;

    /// <summary>What an order would need that is neither given nor there.</summary>
    public bool Lacks(RelayOrder order) =>
        order.Socket is null && !(_relays.TryGetValue(order.Id, out var kept) && kept.IsUdp == order.IsUdp);

    /// <summary>From now on these ports are relayed, and no others.</summary>
    /// <param name="orders">of those without a socket none <see cref="Lacks"/> anything</param>
    /// <param name="subnets">of the container's networks</param>
    /// <param name="take">gives the descriptor of a number, which is then owned here</param>
    public void Set(IReadOnlyList<RelayOrder> orders, IReadOnlyList<InetNetwork> subnets, Func<int, Fd> take)
    {
        HashSet<string> named = [.. orders.Select(order => order.Id)];
        foreach (string id in _relays.Keys.Where(id => !named.Contains(id)).ToList())
        {
            Remove(id);
        }

        foreach (RelayOrder order in orders)
        {
            var route = new RelayRoute(order.Target, order.IsTransparent, subnets);
            if (order.Socket is { } number)
            {
                Remove(order.Id);
                _relays.Add(order.Id, (Make(order, take(number), route), order.IsUdp));
            }
            else
            {
                _relays[order.Id].Relay.Route = route;
            }
        }
    }

    public void Dispose()
    {
        foreach (string id in _relays.Keys.ToList())
        {
            Remove(id);
        }

        Flows.Dispose();
        Pipes.Dispose();
        _retry.Dispose();
    }

    internal void Came() => Connections++;

    /// <summary>So many connections have ended.</summary>
    internal void Left(int count)
    {
        Connections -= count;
        if (_isWaiting && count > 0 && HasRoom)
        {
            AcceptAgain();
        }
    }

    /// <summary>Somebody waits for room, be it that of this keeper or of the host.</summary>
    internal void Wait()
    {
        _isWaiting = true;
        _retry.Ensure();
    }

    private IRelay Make(RelayOrder order, Fd socket, RelayRoute route)
    {
        try
        {
            return order.IsUdp ? new UdpRelay(_loop, this, socket, route) : new TcpRelay(_loop, this, socket, route);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Remove(string id)
    {
        if (_relays.Remove(id, out var relay))
        {
            relay.Relay.Dispose();
        }
    }

    private bool AcceptAgain()
    {
        if (HasRoom)
        {
            _isWaiting = false;
            foreach ((IRelay relay, _) in _relays.Values)
            {
                relay.AcceptAgain();
            }
        }

        return _isWaiting;
    }
}
