// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Runtime.Planning;
using Tare.Runtime.Planning.Steps;

namespace Tare.Runtime.Starting;

/// <summary>Does from outside what a process in a user namespace may not do itself.</summary>
/// <remarks>
/// Between the launch and the first word to go on, by the process that launched: only to its own child, which it has
/// not waited for, a number surely leads.
/// </remarks>
internal static class Outside
{
    /// <summary>Does it, and lets the process go on.</summary>
    /// <param name="work">of the plan; null: nothing, and the process does not wait for it</param>
    /// <param name="pid">the child</param>
    /// <param name="handshake">begun</param>
    /// <exception cref="LinuxException">the host refuses; the process still waits</exception>
    public static void Apply(PlanOutside? work, int pid, Handshake handshake)
    {
        // one that died instead of telling is found by whoever waits for the end of its set-up
        if (work is null || (work.AwaitsTold && !handshake.WaitTold()))
        {
            return;
        }

        if (!work.IsMapped)
        {
            UserNamespace.WriteMaps(pid, PlanOutside.MapText(work.UidMap), PlanOutside.MapText(work.GidMap));
        }

        foreach (SetRlimit limit in work.Limits)
        {
            Rlimit.Allow(pid, limit.Resource, limit.Hard);
        }

        Write(pid, "oom_score_adj", work.OomScore?.ToString(CultureInfo.InvariantCulture));
        Write(pid, "timens_offsets", work.TimeOffsets is { } offsets ? offsets + "\n" : null);
        if (work.Scheduler is { } scheduler)
        {
            Scheduling.Set(pid, scheduler.Attributes());
        }

        if (work.IoPriority is { } priority)
        {
            Scheduling.SetIo(pid, priority.Value);
        }

        handshake.LetGo();
    }

    private static void Write(int pid, string file, string? text)
    {
        if (text is not null)
        {
            HostPath.WriteExisting(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"), Encoding.ASCII.GetBytes(text));
        }
    }
}
