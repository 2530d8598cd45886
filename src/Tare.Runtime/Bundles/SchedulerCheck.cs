// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>How a process is scheduled: each policy has parameters of its own.</summary>
/// <remarks>runtime-spec v1.3 config.md#linux-process; man sched(7)</remarks>
internal static class SchedulerCheck
{
    private const int MinNice = -20;
    private const int MaxNice = 19;
    private const int MaxPriority = 99;

    private static readonly string[] Policies =
        ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE"];

    private static readonly string[] Flags =
    [
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY",
        "SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX",
    ];

    public static void Check(Scheduler? scheduler, string at)
    {
        if (scheduler is null)
        {
            return;
        }

        SpecFault.WantOneOf($"{at}.policy", "policy", scheduler.Policy, Policies);
        SpecFault.WantWithin($"{at}.nice", scheduler.Nice, MinNice, MaxNice);
        bool isRealTime = scheduler.Policy is "SCHED_FIFO" or "SCHED_RR";
        if (isRealTime)
        {
            SpecFault.WantWithin($"{at}.priority", scheduler.Priority, 1, MaxPriority);
        }
        else if (scheduler.Priority != 0)
        {
            throw SpecFault.At($"{at}.priority", $"{scheduler.Policy} has none");
        }

        for (int i = 0; i < scheduler.Flags?.Count; i++)
        {
            SpecFault.WantOneOf($"{at}.flags[{i}]", "flag", scheduler.Flags[i], Flags);
        }

        CheckDeadline(scheduler, at);
    }

    private static void CheckDeadline(Scheduler scheduler, string at)
    {
        if (scheduler.Policy != "SCHED_DEADLINE")
        {
            string? other = scheduler.Runtime != 0 ? "runtime" : scheduler.Deadline != 0 ? "deadline" : scheduler.Period != 0 ? "period" : null;
            _ = other is null ? other : throw SpecFault.At($"{at}.{other}", $"{scheduler.Policy} has none");
        }
        else if (scheduler.Runtime > scheduler.Deadline)
        {
            throw SpecFault.At($"{at}.runtime", $"{scheduler.Runtime} is above the deadline {scheduler.Deadline}");
        }
        else if (scheduler.Period != 0 && scheduler.Deadline > scheduler.Period)
        {
            throw SpecFault.At($"{at}.deadline", $"{scheduler.Deadline} is above the period {scheduler.Period}");
        }
    }
}
