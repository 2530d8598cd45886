// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tare.Engine.State;
using Tare.Keeper;
using Tare.Linux;

namespace Tare.Engine.Containers;

/// <summary>The end of a run: what the keeper wrote down becomes the container's outcome, or the container goes.</summary>
/// <remarks>
/// Whoever holds the container's operation does it: the starter in the foreground, the child of a keeper whose starter
/// is gone, or the next command that comes by.
/// </remarks>
internal static class Settlement
{
    /// <summary>Docker's exit code for a container whose end nobody saw.</summary>
    public const int Unknown = 255;

    public const string NobodySaw = "nobody saw how it ended: its keeper was killed, or the machine went down";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>For the child of a keeper: waits until nobody else changes the container, then settles it.</summary>
    public static void Settle(TareEngine engine, ContainerId id)
    {
        if (Operation.Wait(engine.Folders, id.Text, Patience, () => engine.Containers.Find(id.Text) is not null) is { } operation)
        {
            using (operation)
            {
                Bring(engine, id);
                operation.Complete();
            }
        }
    }

    /// <summary>
    /// Brings the record to what is true: a run that has ended is settled, what has no record is removed. The caller
    /// holds the operation.
    /// </summary>
    /// <returns>the row as it is now; null when the container is gone</returns>
    public static ContainerRow? Bring(TareEngine engine, ContainerId id)
    {
        if (engine.Containers.Find(id.Text) is not { } row)
        {
            RemoveRest(engine, id);
            return null;
        }

        if (row.Started is null)
        {
            // the rest of a run whose settling was cut short
            if (CgroupPlaces.TryRead(engine.Folders, id.Text) is not null)
            {
                ContainerCgroup.Remove(engine, id);
            }

            engine.Folders.RemoveLive(id.Text);
            return row;
        }

        if (!CameToRun(engine, row))
        {
            NeverRan(engine, row);
            return engine.Containers.Find(id.Text);
        }

        ContainerStatus status = StatusReader.Read(engine, row);
        if (status.IsLive && !IsOrphan(row))
        {
            return row;
        }

        if (status.IsLive)
        {
            ContainerCgroup.Of(engine, row.Id).Kill();
        }

        AwaitKeeper(engine, id);
        ContainerCgroup.Remove(engine, id);
        Record(engine, row, status);
        return engine.Containers.Find(id.Text);
    }

    /// <summary>Records a run that has ended, or with <c>--rm</c> removes the container. The caller holds the operation.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="status">how it ended</param>
    /// <param name="mayRemove">false: it is started again, so also one with <c>--rm</c> stays</param>
    public static void Record(TareEngine engine, ContainerRow row, ContainerStatus status, bool mayRemove = true)
    {
        if (row.AutoRemove && mayRemove)
        {
            Removal.RemoveAll(engine, row.Id, volumes: true, durable: false);
            return;
        }

        var outcome = new ContainerOutcome(
            status.ExitCode,
            status.StartedAt ?? row.Started ?? row.Created,
            status.FinishedAt ?? engine.Clock.GetUtcNow(),
            status.OomKilled,
            status.Error);
        engine.Containers.Settle(row.Id, ContainerJson.Write(outcome), durable: true);
        engine.Folders.RemoveLive(row.Id.Text);
    }

    /// <summary>
    /// Waits until the keeper of a run that has ended is gone, because it removes the cgroups, and the next run's have the
    /// same names.
    /// </summary>
    public static void AwaitKeeper(TareEngine engine, ContainerId id)
    {
        using Fd? live = engine.Folders.TryOpenLive(id.Text);
        var watch = Stopwatch.StartNew();
        while (live is not null && KeeperClient.TryReadState(live) is { IsKept: true } && watch.Elapsed < Patience)
        {
            Thread.Sleep(1);
        }
    }

    /// <summary>Records that a start came to nothing, and why.</summary>
    public static void Failed(TareEngine engine, ContainerRow row, int exitCode, string error)
    {
        var outcome = new ContainerOutcome(
            exitCode, ContainerJson.ReadOutcome(row)?.StartedAt, engine.Clock.GetUtcNow(), false, error);
        engine.Containers.Settle(row.Id, ContainerJson.Write(outcome), durable: true);
    }

    /// <summary>A step of a build holds its operation as long as the build lives; and the caller has it.</summary>
    private static bool IsOrphan(ContainerRow row) => row.AutoRemove && ContainerJson.ReadRecord(row).IsStep;

    /// <summary>The run folder knows, unless the machine has booted since.</summary>
    private static bool CameToRun(TareEngine engine, ContainerRow row)
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        if (live is null)
        {
            return row.Started < engine.Clock.GetUtcNow().AddMilliseconds(-Environment.TickCount64);
        }

        return KeeperClient.TryReadState(live) is not null || KeeperClient.TryReadExit(live) is not null;
    }

    /// <summary>Who made or removed it died in it.</summary>
    private static void RemoveRest(TareEngine engine, ContainerId id)
    {
        ContainerCgroup.Remove(engine, id);
        engine.Volumes.MakeMissing(id);
        Removal.RemoveAll(engine, id, volumes: true, durable: false);
    }

    /// <summary>Who wanted to start it died before anything ran.</summary>
    private static void NeverRan(TareEngine engine, ContainerRow row)
    {
        ContainerCgroup.Remove(engine, row.Id);
        if (row.AutoRemove && row.Outcome is null)
        {
            Removal.RemoveAll(engine, row.Id, volumes: true, durable: false);
            return;
        }

        engine.Containers.TakeBack(row.Id);
        engine.Folders.RemoveLive(row.Id.Text);
    }
}
