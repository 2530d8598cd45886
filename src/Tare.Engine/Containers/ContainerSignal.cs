// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
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

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

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

        using KeeperSession session = Deliver(engine, row, signal) ?? throw LiveContainer.NotRunning(row);
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
        if (Deliver(engine, row, signal ?? StopSignalOf(record)) is { } session
            && !WaitEnd(engine, row, session, patience ?? PatienceOf(record)))
        {
            EndNow(engine, row, KillPatience);
        }
    }

    /// <summary>Kills a container and waits until it has ended.</summary>
    /// <exception cref="TareException">Conflict: it does not run; Unavailable: it is stuck in the kernel</exception>
    public static void KillAndWait(TareEngine engine, ContainerRow row, TimeSpan patience)
    {
        if (!EndNow(engine, row, patience))
        {
            throw LiveContainer.NotRunning(row);
        }
    }

    /// <summary>As <see cref="KillAndWait"/>; that it has ended by itself is as good.</summary>
    /// <returns>false: it had</returns>
    /// <exception cref="TareException">Unavailable: it is stuck in the kernel</exception>
    public static bool EndNow(TareEngine engine, ContainerRow row, TimeSpan patience)
    {
        if (Deliver(engine, row, Signals.Kill) is not { } session)
        {
            return false;
        }

        return WaitEnd(engine, row, session, patience)
            ? true
            : throw new StuckException($"container {row.Name}: {StuckProcesses.Describe(ContainerCgroup.Of(engine, row.Id))}");
    }

    /// <summary>Sends it through the keeper, through the next one when that dies before it answers.</summary>
    /// <returns>a session with the keeper, which the caller disposes; null: the container does not run, or not any more</returns>
    private static KeeperSession? Deliver(TareEngine engine, ContainerRow row, int signal)
    {
        const int MostKeepers = 10;
        for (int i = 0; i < MostKeepers && LiveContainer.TryConnect(engine, row) is { } session; i++)
        {
            if (session.Signal(signal) != Errno.ESRCH)
            {
                // a signal is heard only by who may run: docker, too, lets a paused container go on with it
                Thaw(engine, row);
                return session;
            }

            // it has ended and this is being written down, or its keeper died
            session.WaitExit(Moment);
            session.Dispose();
        }

        return null;
    }

    /// <summary>True when it has ended within this time, whoever keeps it meanwhile.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="session">used up</param>
    /// <param name="patience">infinite waits for ever</param>
    private static bool WaitEnd(TareEngine engine, ContainerRow row, KeeperSession session, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        for (KeeperSession? keeper = session; keeper is not null; keeper = LiveContainer.TryConnect(engine, row))
        {
            using (keeper)
            {
                bool isForEver = patience == Timeout.InfiniteTimeSpan;
                if ((isForEver ? keeper.WaitExit() : keeper.WaitExit(patience - watch.Elapsed)) is not null)
                {
                    keeper.WaitGone();
                    return true;
                }

                if (!isForEver && watch.Elapsed >= patience)
                {
                    return !StatusReader.Read(engine, row).IsLive;
                }
            }
        }

        return true;
    }

    private static void Thaw(TareEngine engine, ContainerRow row)
    {
        Cgroup cgroup = ContainerCgroup.Of(engine, row.Id);
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
