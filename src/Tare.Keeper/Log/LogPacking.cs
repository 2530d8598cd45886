// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Keeper.Log;

/// <summary>Has rotated files of a log packed by a process of its own, one at a time, which may outlive the keeper.</summary>
/// <param name="loop">tells when it has ended</param>
/// <param name="command">its arguments; empty: nothing is packed</param>
internal sealed class LogPacking(Loop loop, IReadOnlyList<string> command) : IDisposable
{
    private Spawned? _child;
    private Watch? _end;

    /// <summary>Begins when something was rotated and nothing is being packed.</summary>
    public void Look(LogFile? log)
    {
        if (log is not { HasRotated: true } || command.Count == 0 || _child is not null)
        {
            return;
        }

        log.HasRotated = false;
        _child = OwnProgram.Start(command);
        _end = loop.Watch(_child.Pidfd.Fd, _ => Reap());
        _end.Wanted = EpollEvents.Readable;
    }

    /// <summary>Begins whatever is being packed now, because nobody will be here to begin when that has ended.</summary>
    public void LookForTheLastTime(LogFile? log)
    {
        if (log is { HasRotated: true } && command.Count > 0)
        {
            log.HasRotated = false;
            CleanUp.Delegate(command);
        }
    }

    public void Dispose() => _child?.Dispose();

    private void Reap()
    {
        _end!.Remove();
        _child!.Pidfd.TryWait();
        _child.Dispose();
        _child = null;
    }
}
