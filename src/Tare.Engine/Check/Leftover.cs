// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Engine.Check;

/// <summary>The end of processes that a repair finds.</summary>
internal static class Leftover
{
    /// <summary>One that is stuck in the kernel dies later; it is then found again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Kills a process if it is still what it was found to be, and waits until it is dead. Never this one.</summary>
    /// <param name="process">its number</param>
    /// <param name="isStill">asked when the number cannot be given to another process any more</param>
    public static void Kill(int process, Func<bool> isStill)
    {
        using Pidfd? opened = Pidfd.TryOpen(process);
        bool isOther = process != Environment.ProcessId;
        if (isOther && opened is not null && isStill() && opened.TrySend(Signals.Kill))
        {
            Poll.Wait([new(opened.Fd, EpollEvents.Readable)], Patience);
        }
    }
}
