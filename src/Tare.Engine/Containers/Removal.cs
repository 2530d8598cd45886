// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>The end of a container: its outcome is recorded, or everything that it was is removed.</summary>
/// <remarks>
/// The record goes first and the folders after it, so that who is killed in between leaves folders without a record,
/// which <see cref="Recovery"/> removes.
/// </remarks>
internal static class Removal
{
    /// <summary>Docker's exit code for a container whose end nobody saw.</summary>
    public const int Unknown = 255;

    private const int Sigkill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Records how a container ended, or with <c>--rm</c> removes it. The caller holds its operation.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="exit">null: nobody saw it end</param>
    /// <param name="startedAt">null: not known</param>
    public static void Settle(TareEngine engine, ContainerRow row, ExitReport? exit, DateTimeOffset? startedAt)
    {
        if (row.AutoRemove)
        {
            RemoveAll(engine, row.Id, volumes: true, durable: false);
            return;
        }

        DateTimeOffset finished = exit is { } report ? FinishedAt(report) : engine.Clock.GetUtcNow();
        var outcome = new ContainerOutcome(
            exit?.Status.ShellCode ?? Unknown, startedAt ?? row.Created, finished, exit?.OutOfMemory ?? false, "");
        engine.Containers.Settle(row.Id, ContainerJson.Write(outcome), durable: true);
    }

    /// <summary>Removes a container as <c>rm</c> does.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="force">a running one is killed first</param>
    /// <param name="volumes">its anonymous volumes go too</param>
    /// <exception cref="TareException">Conflict: it runs; Unavailable: it does not die</exception>
    public static void Remove(TareEngine engine, ContainerRow row, bool force, bool volumes)
    {
        ContainerStatus status = StatusReader.Read(engine, row);
        if (status.Kind == ContainerStatusKind.Running)
        {
            if (!force)
            {
                throw new TareException(
                    ErrorKind.Conflict,
                    $"cannot remove container \"/{row.Name}\": container is running: stop the container before removing or force remove",
                    $"tare rm -f {row.Name}");
            }

            Kill(engine, row);
        }

        using Operation? operation = Begin(engine, row);
        if (operation is not null)
        {
            if (status.Kind == ContainerStatusKind.Dead)
            {
                RemoveCgroups(engine, row.Id);
            }

            RemoveAll(engine, row.Id, volumes || row.AutoRemove, durable: true);
        }
    }

    /// <summary>Removes everything that has this id; what is not there is no error.</summary>
    public static void RemoveAll(TareEngine engine, ContainerId id, bool volumes, bool durable)
    {
        if (volumes)
        {
            engine.Volumes.RemoveAnonymous(id);
        }

        engine.Containers.Delete(id, durable);
        engine.Folders.RemoveContainer(id.Text);
    }

    /// <summary>Empties and removes a container's cgroups when no keeper is there to do it.</summary>
    public static void RemoveCgroups(TareEngine engine, ContainerId id)
    {
        Cgroup cgroup = CgroupHost.Detect().Open($"tare-{engine.Folders.StoreId}", id.Text);
        if (cgroup.HasProcesses())
        {
            cgroup.Kill();
        }

        cgroup.Remove(Patience);
    }

    /// <summary>When the keeper saw the end.</summary>
    public static DateTimeOffset FinishedAt(ExitReport report) =>
        DateTimeOffset.UnixEpoch.AddTicks(report.FinishedAt / 100);

    /// <summary>The starter in the foreground removes a container with --rm itself: then there is nothing left to do.</summary>
    private static Operation? Begin(TareEngine engine, ContainerRow row)
    {
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            if (Operation.TryBegin(engine.Folders, row.Id.Text) is { } operation)
            {
                return operation;
            }

            if (engine.Containers.Find(row.Id.Text) is null)
            {
                return null;
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new TareException(
                    ErrorKind.Conflict, $"removal of container {row.Name} is already in progress by another process");
            }

            Thread.Sleep(1);
        }
    }

    private static void Kill(TareEngine engine, ContainerRow row)
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        using KeeperSession? session = live is null ? null : KeeperClient.TryConnect(live);
        if (session?.WaitGreeting() is not null && session.Signal(Sigkill) == Errno.None)
        {
            session.WaitExit();
            session.WaitGone();
        }
    }
}
