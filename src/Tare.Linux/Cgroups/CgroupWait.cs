// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Cgroups;

/// <summary>Waits until something about a cgroup is so: woken by cgroup.events on v2, by looking again on v1.</summary>
internal static unsafe class CgroupWait
{
    private const short POLLPRI = 2;

    /// <summary>Between two looks where nothing wakes us, and where an event may not be one of ours.</summary>
    private const int MillisecondsBetweenLooks = 1;

    /// <summary>For states that the kernel reaches by itself at once.</summary>
    internal static TimeSpan Short => TimeSpan.FromMilliseconds(100);

    internal static bool Until(string? unified, TimeSpan patience, Func<bool> isSo)
    {
        if (isSo())
        {
            return true;
        }

        long start = Stopwatch.GetTimestamp();
        using Fd? events = unified is null ? null : HostPath.TryOpen($"{unified}/cgroup.events", OpenFlags.ReadOnly);
        while (Stopwatch.GetElapsedTime(start) < patience)
        {
            Libc.pollfd poll = new() { fd = events?.Raw ?? -1, events = POLLPRI };
            Libc.poll(&poll, 1, MillisecondsBetweenLooks);
            if (isSo())
            {
                return true;
            }
        }

        return false;
    }
}
