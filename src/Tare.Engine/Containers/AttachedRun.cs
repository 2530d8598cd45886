// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Keeper;
using Tare.Linux;
using Tare.Runtime.Planning;

namespace Tare.Engine.Containers;

/// <summary>Stays with a container in the foreground, until it has ended or the user has detached.</summary>
internal sealed class AttachedRun(TareEngine engine, ContainerRow row)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Pumps, and settles the container when it has ended.</summary>
    /// <param name="session">the starter's</param>
    /// <param name="streams">the user's side</param>
    /// <param name="starting">the operation of the start, which is over; completed</param>
    public RunResult Pump(KeeperSession session, SessionStreams streams, Operation starting)
    {
        // while it runs anybody may change it
        starting.Complete();
        SessionEnd end = session.Pump(streams);
        return end.Detached ? RunResult.Left
            : end.Broken ? RunResult.Broken
            : end.Exit is { } exit ? Ended(session, exit)
            : Continue(streams);
    }

    /// <summary>As <see cref="Pump"/>, for a container that somebody else started and settles.</summary>
    /// <param name="streams">the user's side</param>
    /// <param name="outputs">what to take part in</param>
    public RunResult Attach(SessionStreams streams, OutputFlags outputs)
    {
        while (LiveContainer.TryConnect(engine, row) is { } session)
        {
            using (session)
            {
                session.Attach(outputs);
                SessionEnd end = session.Pump(streams);
                if (end.Detached || end.Broken)
                {
                    return end.Detached ? RunResult.Left : RunResult.Broken;
                }

                if (end.Exit is { } exit)
                {
                    return new(exit.Status.ShellCode);
                }
            }
        }

        return Unseen();
    }

    /// <summary>The keeper was killed, and its container runs on: a successor takes over, and we go on with it.</summary>
    private RunResult Continue(SessionStreams streams)
    {
        RunResult result = Attach(streams, OutputFlags.Both | (streams.Input is null ? OutputFlags.None : OutputFlags.Input));
        SettleNow();
        return result;
    }

    private RunResult Ended(KeeperSession session, ExitReport exit)
    {
        // while the keeper removes cgroups and mounts; its record is written, and nobody looks at the files any more
        using (Operation? operation = Operation.Wait(
            engine.Folders, row.Id.Text, Patience, () => engine.Containers.Find(row.Id.Text) is not null))
        {
            if (operation is not null && engine.Containers.Find(row.Id.Text) is { Started: not null } now)
            {
                Record(now, exit);
            }

            // whoever starts it again makes cgroups of the same names
            if (!session.WaitGone())
            {
                ContainerCgroup.Remove(engine, row.Id);
            }

            CgroupPlaces.Release(engine.Folders, row.Id.Text);

            operation?.Complete();
        }

        return new(exit.Status.ShellCode);
    }

    private void Record(ContainerRow now, ExitReport exit)
    {
        // another process may have started it again meanwhile
        if (now.Started != row.Started)
        {
            return;
        }

        DateTimeOffset? startedAt = null;
        if (!now.AutoRemove)
        {
            using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
            startedAt = live is null ? null : StatusReader.StartedAt(live);
        }

        Settlement.Record(engine, now, StatusReader.Of(exit, startedAt));
    }

    private void SettleNow()
    {
        using Operation? operation = Operation.Wait(
            engine.Folders, row.Id.Text, Patience, () => engine.Containers.Find(row.Id.Text) is not null);
        if (operation is not null)
        {
            Settlement.Bring(engine, row.Id);
            operation.Complete();
        }
    }

    private RunResult Unseen()
    {
        ContainerStatus? status = engine.Containers.Find(row.Id.Text) is { } now ? StatusReader.Read(engine, now) : null;
        return status is { Error: "" }
            ? new(status.ExitCode)
            : new(LaunchError.EngineFailed, $"container {row.Id.Short}: {Settlement.NobodySaw}");
    }
}
