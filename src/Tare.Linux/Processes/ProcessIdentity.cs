// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>A process by number and birth, so that a later one of the same number is told apart.</summary>
/// <param name="Pid">in this process's pid namespace</param>
/// <param name="StartTicks">clock ticks from boot to its birth</param>
internal readonly record struct ProcessIdentity(int Pid, ulong StartTicks)
{
    /// <summary>Of a process that is there; null when there is none of this number.</summary>
    public static ProcessIdentity? Of(int pid) =>
        ProcessStatus.TryRead(pid) is { } status ? new ProcessIdentity(pid, status.StartTicks) : null;

    /// <summary>Opens it; null when it has ended and been reaped, also when its number is another's by now.</summary>
    public Pidfd? TryOpen()
    {
        Pidfd? pidfd = Pid > 0 ? Pidfd.TryOpen(Pid) : null;
        if (pidfd is not null && ProcessStatus.TryRead(Pid)?.StartTicks == StartTicks)
        {
            // looked at after it was opened: the number cannot have changed hands between the two
            return pidfd;
        }

        pidfd?.Dispose();
        return null;
    }

    /// <summary>It runs, or is stuck or stopped; a zombie does not count.</summary>
    public bool IsAlive => Pid > 0 && ProcessStatus.TryRead(Pid) is { } status
        && status.StartTicks == StartTicks && !status.IsDead;
}
