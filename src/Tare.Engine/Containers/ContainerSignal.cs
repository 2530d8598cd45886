// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Signals to running containers, and their end by them: <c>kill</c>, <c>stop</c>.</summary>
internal static class ContainerSignal
{
    /// <summary>Docker's time between the polite signal and the other.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    /// <summary>Sends a signal to the first process of a running container.</summary>
    /// <exception cref="TareException">Conflict: it does not run</exception>
    public static void Send(TareEngine engine, ContainerRow row, int signal)
    {
        if (signal == Signals.Kill)
        {
            KillAndWait(engine, row, KillPatience);
            return;
        }

        using KeeperSession session = LiveContainer.Connect(engine, row);
        if (session.Signal(signal) == Errno.ESRCH)
        {
            throw LiveContainer.NotRunning(row);
        }

        // a signal is heard only by who may run: docker, too, lets a paused container go on with it
        Thaw(engine, row);
    }

    /// <summary>Asks a container to end and, when it has not after a while, ends it. One that does not run is left alone.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="signal">null: what image or user chose, else SIGTERM</param>
    /// <param name="patience">null: what the user chose, else 10 s; infinite waits for ever</param>
    /// <exception cref="TareException">Unavailable: it is stuck in the kernel</exception>
    public static void Stop(TareEngine engine, ContainerRow row, int? signal, TimeSpan? patience)
    {
        if (!StatusReader.Read(engine, row).IsLive)
        {
            return;
        }

        ContainerRecord record = ContainerJson.ReadRecord(row);
        using KeeperSession? session = LiveContainer.TryConnect(engine, row);
        if (session is null)
        {
            return;
        }

        session.Signal(signal ?? StopSignalOf(record));
        Thaw(engine, row);
        TimeSpan wait = patience ?? PatienceOf(record);
        ExitReport? exit = wait == Timeout.InfiniteTimeSpan ? session.WaitExit() : session.WaitExit(wait);
        if (exit is null)
        {
            TryKillAndWait(engine, row);
        }
        else
        {
            session.WaitGone();
        }
    }

    private static void TryKillAndWait(TareEngine engine, ContainerRow row)
    {
        try
        {
            KillAndWait(engine, row, KillPatience);
        }
        catch (TareException e) when (e.Kind == ErrorKind.Conflict)
        {
            // it ended by itself between the last look and the kill: that is what was asked for
        }
    }

    /// <summary>Kills a container and waits until it has ended.</summary>
    /// <exception cref="TareException">Conflict: it does not run; Unavailable: it is stuck in the kernel</exception>
    public static void KillAndWait(TareEngine engine, ContainerRow row, TimeSpan patience)
    {
        using KeeperSession session = LiveContainer.Connect(engine, row);
        if (session.Signal(Signals.Kill) == Errno.ESRCH)
        {
            throw LiveContainer.NotRunning(row);
        }

        // frozen processes of a v1 freezer die only when they are let go
        Thaw(engine, row);
        if (session.WaitExit(patience) is null && StatusReader.Read(engine, row).IsLive)
        {
            throw new TareException(
                ErrorKind.Unavailable, $"container {row.Name}: {StuckProcesses.Describe(CgroupOf(engine, row))}");
        }

        session.WaitGone();
    }

    public static Cgroup CgroupOf(TareEngine engine, ContainerRow row) =>
        CgroupHost.Detect().Open(engine.Folders.CgroupParent, row.Id.Text);

    private static void Thaw(TareEngine engine, ContainerRow row)
    {
        Cgroup cgroup = CgroupOf(engine, row);
        if (cgroup.IsFrozen)
        {
            cgroup.Thaw(TimeSpan.FromSeconds(1));
        }
    }

    private static int StopSignalOf(ContainerRecord record) =>
        record.Config.StopSignal is { Length: > 0 } text && Signals.TryParse(text, out int signal) ? signal : Signals.Terminate;

    private static TimeSpan PatienceOf(ContainerRecord record) => record.Config.StopTimeout switch
    {
        null => DefaultPatience,
        < 0 => Timeout.InfiniteTimeSpan,
        { } seconds => TimeSpan.FromSeconds(seconds),
    };
}
