// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper.Elected;

/// <summary>One of the keepers of a store's networked containers does what concerns all of them; when it goes, the next does.</summary>
/// <remarks>
/// Elected is who locks a file first. The others look at nothing: each waits for the end of that one process, of which the
/// kernel tells them. A container that is over in an instant takes no part.
/// </remarks>
internal sealed class Election : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Loop _loop;
    private readonly ElectedOrder _order;
    private readonly byte[] _buffer;
    private readonly Ticker _ticker;
    private LifeLock? _life;
    private StoreDuties? _duties;
    private Pidfd? _elected;
    private Watch? _end;
    private bool _hasBegun;

    /// <param name="loop">lent</param>
    /// <param name="order">what is done</param>
    /// <param name="buffer">for messages of the kernel; nothing stays in it</param>
    public Election(Loop loop, ElectedOrder order, byte[] buffer)
    {
        (_loop, _order, _buffer) = (loop, order, buffer);
        _ticker = new Ticker(loop, Patience, _ => !TryDecide());
    }

    /// <summary>It is this keeper.</summary>
    public bool IsWon => _life is not null;

    /// <summary>Takes part from a moment later on; the first call counts.</summary>
    public void Begin()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _ticker.Ensure();
        }
    }

    public void Dispose()
    {
        _ticker.Dispose();
        Forget();
        _duties?.Dispose();
        _duties = null;

        // last: whoever is elected next finds nothing of ours in its way
        _life?.Dispose();
    }

    /// <summary>False: it is to be tried again.</summary>
    private bool TryDecide()
    {
        try
        {
            if (IsWon || _end is not null)
            {
                return true;
            }

            using Fd? run = HostPath.TryOpen(_order.Run, OpenFlags.ReadOnly | OpenFlags.Directory);
            return run is null || TryWin(run) || TryFollow(run);
        }
        catch (LinuxException)
        {
            // no descriptors, or whatever the host refuses just now
            return false;
        }
    }

    private bool TryWin(Fd run)
    {
        if (LifeLock.TryTake(run, ElectedState.FileName) is not { } life)
        {
            return false;
        }

        _life = life;
        _duties = new StoreDuties(_loop, _order, _buffer);
        _life.Write(new ElectedState(ProcessIdentity.Of(Environment.ProcessId) ?? default, _duties.NamePort).Encode());
        return true;
    }

    /// <summary>Who has locked the file but not yet written is looked at again a moment later.</summary>
    private bool TryFollow(Fd run)
    {
        if (ElectedState.TryRead(run) is not { IsAlive: true } found || found.State.Keeper.TryOpen() is not { } elected)
        {
            return false;
        }

        _elected = elected;
        _end = _loop.Watch(elected.Fd, _ => Succeed());
        _end.Wanted = EpollEvents.Readable;
        return true;
    }

    private void Succeed()
    {
        Forget();
        if (!TryDecide())
        {
            _ticker.Ensure();
        }
    }

    private void Forget()
    {
        _end?.Remove();
        _end = null;
        _elected?.Dispose();
        _elected = null;
    }
}
