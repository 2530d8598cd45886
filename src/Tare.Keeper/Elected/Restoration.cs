// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper.Elected;

/// <summary>Has a child of our own program make anew what was lost: at once, but one at a time and never in a rush.</summary>
/// <remarks>It works with the store, which is too heavy for a keeper. What it changes itself is no news: <see cref="OwnProgram.Name"/>.</remarks>
internal sealed class Restoration : IDisposable
{
    private const int MaxFailures = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Loop _loop;
    private readonly IReadOnlyList<string> _arguments;
    private readonly Ticker _ticker;
    private Spawned? _child;
    private Watch? _end;
    private bool _isWanted;
    private long _notBefore;
    private int _failures;

    /// <param name="loop">lent</param>
    /// <param name="arguments">of the child; empty: nothing is ever done</param>
    public Restoration(Loop loop, IReadOnlyList<string> arguments)
    {
        (_loop, _arguments) = (loop, arguments);
        _ticker = new Ticker(loop, Pause, Retry);
    }

    /// <summary>Something may be missing.</summary>
    public void Want()
    {
        _isWanted = _arguments.Count > 0;
        if (Retry(Environment.TickCount64))
        {
            _ticker.Ensure();
        }
    }

    /// <summary>A child that is not finished is ended: whoever is elected next begins anew.</summary>
    public void Dispose()
    {
        _ticker.Dispose();
        if (_child is { } child)
        {
            child.Pidfd.TrySend(Signals.Kill);
            child.Pidfd.Wait();
            Forget();
        }
    }

    /// <summary>True: it is to be looked at again.</summary>
    private bool Retry(long now)
    {
        if (!_isWanted || _child is not null)
        {
            // the end of the child comes by here again
            return false;
        }

        if (now < _notBefore)
        {
            return true;
        }

        (_isWanted, _notBefore) = (false, now + (long)Pause.TotalMilliseconds);
        try
        {
            _child = OwnProgram.Start(_arguments);
            _end = _loop.Watch(_child.Pidfd.Fd, _ => Ended());
            _end.Wanted = EpollEvents.Readable;
            return false;
        }
        catch (LinuxException)
        {
            Failed();
            return true;
        }
    }

    private void Ended()
    {
        if (_child?.Pidfd.TryWait() is not { } status)
        {
            return;
        }

        Forget();
        if (status.ShellCode == 0)
        {
            _failures = 0;
        }
        else
        {
            Failed();
        }

        if (Retry(Environment.TickCount64))
        {
            _ticker.Ensure();
        }
    }

    /// <summary>What cannot be done now may be possible later; the pause doubles up to a minute.</summary>
    private void Failed()
    {
        _failures = Math.Min(_failures + 1, MaxFailures);
        _isWanted = true;
        _notBefore = Environment.TickCount64 + ((long)Pause.TotalMilliseconds << _failures);
    }

    private void Forget()
    {
        _end?.Remove();
        _end = null;
        _child?.Dispose();
        _child = null;
    }
}
