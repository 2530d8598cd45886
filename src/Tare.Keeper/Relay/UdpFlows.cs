// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Relay;

/// <summary>The senders of datagrams to all published ports of a keeper, the most silent ones first.</summary>
internal sealed class UdpFlows : IDisposable
{
    private readonly Dictionary<UdpFlowKey, LinkedListNode<UdpFlow>> _byKey = [];
    private readonly LinkedList<UdpFlow> _byUse = new();
    private readonly RelayLimits _limits;
    private readonly Ticker _ticker;

    public UdpFlows(Loop loop, RelayLimits limits)
    {
        _limits = limits;
        _ticker = new Ticker(loop, limits.Idle / 4, DropSilent);
    }

    public int Count => _byUse.Count;

    /// <summary>The flow of a sender, now the one that was used last; null: it is new.</summary>
    public UdpFlow? Find(in UdpFlowKey key)
    {
        if (!_byKey.TryGetValue(key, out LinkedListNode<UdpFlow>? node))
        {
            return null;
        }

        Touch(node);
        return node.Value;
    }

    /// <summary>It is owned from now on; another gives way to it if there are too many.</summary>
    public void Add(UdpFlow flow)
    {
        if (_byUse.Count >= _limits.Flows)
        {
            Drop(_byUse.First!);
        }

        _byKey.Add(flow.Key, _byUse.AddLast(flow));
        _ticker.Ensure();
    }

    /// <summary>It was used just now.</summary>
    public void Touch(UdpFlow flow) => Touch(_byKey[flow.Key]);

    /// <summary>A published port is no more.</summary>
    public void Drop(UdpRelay relay)
    {
        for (LinkedListNode<UdpFlow>? node = _byUse.First; node is not null;)
        {
            LinkedListNode<UdpFlow>? next = node.Next;
            if (node.Value.Key.Relay == relay)
            {
                Drop(node);
            }

            node = next;
        }
    }

    public void Dispose()
    {
        while (_byUse.First is { } node)
        {
            Drop(node);
        }

        _ticker.Dispose();
    }

    private void Touch(LinkedListNode<UdpFlow> node)
    {
        node.Value.LastUsed = Environment.TickCount64;
        if (node != _byUse.Last)
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }
    }

    private void Drop(LinkedListNode<UdpFlow> node)
    {
        _byUse.Remove(node);
        _byKey.Remove(node.Value.Key);
        node.Value.Dispose();
    }

    private bool DropSilent(long now)
    {
        while (_byUse.First is { } node && now - node.Value.LastUsed >= (long)_limits.Idle.TotalMilliseconds)
        {
            Drop(node);
        }

        return _byUse.Count > 0;
    }
}
