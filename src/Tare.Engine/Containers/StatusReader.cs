// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Containers;

/// <summary>Finds out what a container is doing, from the record, the keeper's exit record and the keeper itself.</summary>
internal static class StatusReader
{
    public static ContainerStatus Read(TareEngine engine, ContainerRow row)
    {
        if (ContainerJson.ReadOutcome(row) is { } outcome)
        {
            return Of(outcome);
        }

        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        return live is null ? new(ContainerStatusKind.Dead, ExitCode: Removal.Unknown) : ReadLive(live);
    }

    /// <summary>When the keeper was born: its socket is the first thing that it makes.</summary>
    public static DateTimeOffset? StartedAt(Fd live) =>
        live.TryStatus(Protocol.SocketName) is { } socket ? Time(socket.ModifyTime) : null;

    /// <summary>The exit record is looked for again after the keeper did not answer: it writes it as its last act.</summary>
    private static ContainerStatus ReadLive(Fd live)
    {
        if (KeeperClient.TryReadExit(live) is { } early)
        {
            return Of(early, live);
        }

        using KeeperSession? session = KeeperClient.TryConnect(live);
        if (session?.WaitGreeting() is { } greeting)
        {
            return greeting.Pid == 0
                ? new(ContainerStatusKind.Created)
                : new(ContainerStatusKind.Running, greeting.Pid, StartedAt: StartedAt(live));
        }

        return KeeperClient.TryReadExit(live) is { } late
            ? Of(late, live)
            : new(ContainerStatusKind.Dead, ExitCode: Removal.Unknown, StartedAt: StartedAt(live));
    }

    private static ContainerStatus Of(ContainerOutcome outcome) => new(
        outcome.StartedAt is null ? ContainerStatusKind.Created : ContainerStatusKind.Exited,
        ExitCode: outcome.ExitCode,
        StartedAt: outcome.StartedAt,
        FinishedAt: outcome.StartedAt is null ? null : outcome.FinishedAt,
        OomKilled: outcome.OomKilled,
        Error: outcome.Error);

    private static ContainerStatus Of(ExitReport report, Fd live) => new(
        ContainerStatusKind.Exited,
        ExitCode: report.Status.ShellCode,
        StartedAt: StartedAt(live),
        FinishedAt: Removal.FinishedAt(report),
        OomKilled: report.OutOfMemory);

    private static DateTimeOffset Time(FileTime time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.Seconds).AddTicks(time.Nanoseconds / 100);
}
