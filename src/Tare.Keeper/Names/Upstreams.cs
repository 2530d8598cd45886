// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Sockets;

namespace Tare.Keeper.Names;

/// <summary>The servers that know the world, and the queries that wait for them.</summary>
internal sealed class Upstreams : IDisposable
{
    /// <summary>Queries that may wait at a time.</summary>
    public const int MaxWaiting = 1000;

    /// <summary>From so many descriptors on the usual limit of a process may be near.</summary>
    private const int ManyWaiting = 128;

    private readonly HashSet<UpstreamQuery> _waiting = [];
    private readonly Action<UpstreamQuery, ReadOnlySpan<byte>> _answered;
    private readonly Ticker _ticker;

    /// <param name="loop">lent</param>
    /// <param name="buffer">64 KiB for messages; nothing stays in it</param>
    /// <param name="patience">how long one server may take</param>
    /// <param name="answered">gets each answer; an empty one when there is none</param>
    public Upstreams(Loop loop, byte[] buffer, TimeSpan patience, Action<UpstreamQuery, ReadOnlySpan<byte>> answered)
    {
        (Loop, Buffer, _answered) = (loop, buffer, answered);
        PatienceMilliseconds = (long)patience.TotalMilliseconds;
        _ticker = new Ticker(loop, patience / 8, Expire);
        _ticker.Prepare();
    }

    public Loop Loop { get; }

    public byte[] Buffer { get; }

    public long PatienceMilliseconds { get; }

    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<InetEnd> Servers { get; set; } = [];

    public int Waiting => _waiting.Count;

    /// <summary>Asks them; false when too many wait already, or there is nobody to ask.</summary>
    public bool TryAsk(ReadOnlySpan<byte> message, Asker asker)
    {
        if (_waiting.Count >= MaxWaiting || Servers.Count == 0)
        {
            return false;
        }

        var query = new UpstreamQuery(this, message, asker, Servers);
        _waiting.Add(query);
        _ticker.Ensure();
        if (_waiting.Count > ManyWaiting)
        {
            using OpenFileRoom room = new();
            query.Failed();
        }
        else
        {
            query.Failed();
        }

        return true;
    }

    /// <summary>Its asker went away.</summary>
    public void Forget(StreamAsker asker)
    {
        foreach (UpstreamQuery query in _waiting.Where(query => query.Asker.Stream == asker).ToList())
        {
            _waiting.Remove(query);
            query.Dispose();
        }
    }

    internal void Deliver(UpstreamQuery query, ReadOnlySpan<byte> answer)
    {
        // the query is out of the way before whoever hears of it asks the next
        if (_waiting.Remove(query))
        {
            _answered(query, answer);
            query.Dispose();
        }
    }

    internal void GiveUp(UpstreamQuery query) => Deliver(query, default);

    public void Dispose()
    {
        _ticker.Dispose();
        foreach (UpstreamQuery query in _waiting)
        {
            query.Dispose();
        }

        _waiting.Clear();
    }

    private bool Expire(long now)
    {
        foreach (UpstreamQuery query in _waiting.Where(query => query.Deadline <= now).ToList())
        {
            query.Failed();
        }

        return _waiting.Count > 0;
    }
}
