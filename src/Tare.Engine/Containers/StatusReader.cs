// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;

namespace Tare.Engine.Containers;

/// <summary>Finds out what containers are doing: from the row, from what their keepers wrote down, from the kernel.</summary>
/// <remarks>Nothing is asked of a keeper, so that nobody waits for one that is stopped or busy.</remarks>
internal sealed class StatusReader(TareEngine engine)
{
    private CgroupHost Cgroups => field ??= CgroupHost.Detect();

    public static ContainerStatus Read(TareEngine engine, ContainerRow row) => new StatusReader(engine).Read(row);

    public ContainerStatus Read(ContainerRow row)
    {
        if (row.Started is null)
        {
            return Recorded(row);
        }

        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        return live is null ? SettledMeanwhile(row) ?? Lost(row, row.Started) : ReadLive(row, live);
    }

    /// <summary>When the keeper saw it start; null when it never ran.</summary>
    public static DateTimeOffset? StartedAt(Fd live) =>
        KeeperClient.TryReadState(live) is { } found ? Time(found.State.StartedAt) : null;

    /// <summary>Of a container whose keeper saw it end.</summary>
    public static ContainerStatus Of(ExitReport report, DateTimeOffset? startedAt) => new(
        ContainerStatusKind.Exited,
        ExitCode: report.Status.ShellCode,
        StartedAt: startedAt,
        FinishedAt: Time(report.FinishedAt),
        OomKilled: report.OutOfMemory);

    public static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    private ContainerStatus ReadLive(ContainerRow row, Fd live)
    {
        if (KeeperClient.TryReadExit(live) is { } exit)
        {
            return Of(exit, StartedAt(live));
        }

        if (KeeperClient.TryReadState(live) is not { } found)
        {
            // being started right now, or by somebody who died: the operation's lock tells, and Recovery looks at it;
            // or its folder is being removed
            return SettledMeanwhile(row) ?? Recorded(row);
        }

        if (found.IsKept || found.State.Process.IsAlive)
        {
            return new(
                IsPaused(row, live) ? ContainerStatusKind.Paused : ContainerStatusKind.Running,
                found.State.Process.Pid,
                StartedAt: Time(found.State.StartedAt),
                FinishedAt: ContainerJson.ReadOutcome(row)?.FinishedAt,
                IsUnkept: !found.IsKept,
                FirstUser: found.State.FirstUser);
        }

        // the keeper writes the record of the exit before it lets the state go
        return KeeperClient.TryReadExit(live) is { } late
            ? Of(late, StartedAt(live))
            : SettledMeanwhile(row) ?? Lost(row, Time(found.State.StartedAt));
    }

    /// <summary>The run folder goes after the outcome was recorded, so who finds no folder looks at the record again.</summary>
    private ContainerStatus? SettledMeanwhile(ContainerRow row) =>
        engine.Containers.Find(row.Id.Text) is { } now && (now.Started != row.Started || now.Outcome is not null && row.Outcome is null)
            ? Read(now)
            : null;

    /// <summary>The kernel is asked only of those that somebody paused: its files cost more than all others here.</summary>
    private bool IsPaused(ContainerRow row, Fd live) =>
        live.TryStatus(ContainerPause.MarkName) is not null && ContainerCgroup.Of(engine, row.Id, Cgroups).IsFrozen;

    private static ContainerStatus Recorded(ContainerRow row) => ContainerJson.ReadOutcome(row) is not { } outcome
        ? new(ContainerStatusKind.Created)
        : new(
            outcome.StartedAt is null ? ContainerStatusKind.Created : ContainerStatusKind.Exited,
            ExitCode: outcome.ExitCode,
            StartedAt: outcome.StartedAt,
            FinishedAt: outcome.StartedAt is null ? null : outcome.FinishedAt,
            OomKilled: outcome.OomKilled,
            Error: outcome.Error);


    private static ContainerStatus Lost(ContainerRow row, DateTimeOffset? startedAt) => new(
        ContainerStatusKind.Exited,
        ExitCode: Settlement.Unknown,
        StartedAt: startedAt ?? row.Started,
        FinishedAt: startedAt ?? row.Started,
        Error: Settlement.NobodySaw);
}
