// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>Calls back from time to time while there is something to wait for; else it is nothing at all.</summary>
/// <param name="loop">lent</param>
/// <param name="interval">between two calls</param>
/// <param name="tick">given the time (<see cref="Environment.TickCount64"/>); false: there is nothing to wait for any more</param>
internal sealed class Ticker(Loop loop, TimeSpan interval, Func<long, bool> tick) : IDisposable
{
    private TimerFd? _timer;
    private Watch? _watch;
    private bool _runs;

    /// <summary>Makes what it needs, so that there is a descriptor for it when there are no others any more.</summary>
    public void Prepare()
    {
        if (_timer is null)
        {
            _timer = new TimerFd();
            _watch = loop.Watch(_timer.Fd, _ => Tick());
            _watch.Wanted = EpollEvents.Readable;
        }
    }

    /// <summary>There is something to wait for.</summary>
    public void Ensure()
    {
        Prepare();
        if (!_runs)
        {
            _runs = true;
            _timer!.Start(interval);
        }
    }

    public void Dispose()
    {
        _watch?.Remove();
        _timer?.Dispose();
        _timer = null;
    }

    private void Tick()
    {
        if (_timer!.Take())
        {
            _runs = false;
            if (tick(Environment.TickCount64))
            {
                Ensure();
            }
        }
    }
}
