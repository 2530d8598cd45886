// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Reaches the keeper of a running container; one whose keeper was killed gets a new one on the way.</summary>
internal static class LiveContainer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>A session that has been greeted.</summary>
    /// <exception cref="TareException">Conflict: it does not run; Unavailable: its keeper does not answer</exception>
    public static KeeperSession Connect(TareEngine engine, ContainerRow row) =>
        TryConnect(engine, row) ?? throw NotRunning(row);

    /// <summary>Null when it does not run.</summary>
    /// <exception cref="TareException">Unavailable: its keeper does not answer</exception>
    public static KeeperSession? TryConnect(TareEngine engine, ContainerRow row)
    {
        const int LongestPause = 100;
        int pause = 1;
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            ContainerStatus status = StatusReader.Read(engine, row);
            if (!status.IsLive)
            {
                return null;
            }

            if (status.IsUnkept)
            {
                Adoption.Adopt(engine, row);
            }
            else if (Greeted(engine, row) is { } session)
            {
                return session;
            }

            ThrowIfStopped(engine, row);
            if (Environment.TickCount64 > deadline)
            {
                throw Silent(row, "does not answer", null);
            }

            // it is at its last steps, or another process gives the container a new one
            Thread.Sleep(pause);
            pause = Math.Min(2 * pause, LongestPause);
        }
    }

    /// <summary>The exec'ed processes of a container; none when it does not run or its keeper does not answer at once.</summary>
    public static IReadOnlyList<ExecId> Execs(TareEngine engine, ContainerRow row)
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        using KeeperSession? session = live is null ? null : KeeperClient.TryConnect(live);
        return session?.WaitGreeting(Moment) is { Pid: > 0 } ? session.ListExecs() : [];
    }

    public static TareException NotRunning(ContainerRow row) =>
        new(ErrorKind.Conflict, $"container {row.Id.Text} is not running", $"start it with: tare start {row.Name}");

    /// <exception cref="TareException">Unavailable: the keeper waits for a SIGCONT</exception>
    private static void ThrowIfStopped(TareEngine engine, ContainerRow row)
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        if (live is not null && KeeperClient.TryReadState(live) is { IsKept: true, State.Keeper: var keeper }
            && ProcessStatus.TryRead(keeper) is { IsStopped: true })
        {
            throw Silent(row, $"(process {keeper}) is stopped", $"let it go on with: kill -CONT {keeper}");
        }
    }

    private static TareException Silent(ContainerRow row, string what, string? hint) =>
        new(ErrorKind.Unavailable, $"container {row.Name}: its keeper {what}", hint);

    private static KeeperSession? Greeted(TareEngine engine, ContainerRow row)
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        KeeperSession? session = live is null ? null : KeeperClient.TryConnect(live);
        if (session?.WaitGreeting(Moment) is { Pid: > 0 })
        {
            return session;
        }

        session?.Dispose();
        return null;
    }
}
