// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>The one place where a keeper waits; everything else runs from here, on one thread.</summary>
internal sealed class Loop : IDisposable
{
    private const int EventsPerTurn = 16;

    private readonly Epoll _epoll = new();
    private readonly Dictionary<ulong, Watch> _watches = [];
    private readonly EpollEvent[] _ready = new EpollEvent[EventsPerTurn];
    private ulong _lastKey;

    /// <summary>Calls back whenever the descriptor is ready for what the watch wants; it begins wanting nothing.</summary>
    /// <remarks>The descriptor is lent: remove the watch before closing it.</remarks>
    public Watch Watch(Fd fd, Action<EpollEvents> ready)
    {
        // keys are never used twice, so an event of this turn for a removed watch finds nobody
        var watch = new Watch(_epoll, fd, ++_lastKey, ready, _watches);
        _watches.Add(_lastKey, watch);
        return watch;
    }

    /// <summary>Waits and calls back once; false when the time was over before anything was ready.</summary>
    public bool Turn(TimeSpan? timeout = null)
    {
        int count = _epoll.Wait(_ready, timeout);
        for (int i = 0; i < count; i++)
        {
            if (_watches.TryGetValue(_ready[i].Data, out Watch? watch))
            {
                watch.Ready(_ready[i].Events);
            }
        }

        return count > 0;
    }

    public void Dispose() => _epoll.Dispose();
}
