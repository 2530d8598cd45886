// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Gives a container whose keeper was killed a new one.</summary>
/// <remarks>
/// The successor reads the container's output from where its keeper stopped (the pipes live as long as the container has
/// them open), watches its first process, of whose end the kernel tells also those who are not its parent, and answers
/// at its socket. Lost is what only the dead keeper had: an open standard input, the terminal of a container that has
/// one, and exec'ed processes' streams.
/// </remarks>
internal static class Adoption
{
    /// <summary>Starts a successor, unless another process was quicker or the container has ended: look again.</summary>
    /// <exception cref="TareException">Unavailable: a new keeper cannot take over</exception>
    public static void Adopt(TareEngine engine, ContainerRow row)
    {
        using KeeperSession? session = TryStart(engine, row);
        session?.Detach();
    }

    private static KeeperSession? TryStart(TareEngine engine, ContainerRow row)
    {
        using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
        if (live is null || KeeperClient.TryReadState(live) is not { IsKept: false } found)
        {
            return null;
        }

        ContainerRecord record = ContainerJson.ReadRecord(row);
        Cgroup cgroup = ContainerCgroup.Of(engine, row.Id);
        KeeperOrder order = KeeperOrders.Common(engine, row, record, cgroup) with
        {
            Main = new() { Terminal = record.Config.Tty },
            Adopted = found.State,
            HasNetworks = LiveNetworks.TryRead(live) is { Endpoints.Count: > 0 },
        };
        using Fd store = engine.Folders.OpenContainer(row.Id.Text);
        KeeperSession session = KeeperClient.Start(order, engine.Folders.Run, live, store, []);
        KeeperFailure? failure = session.WaitStarted().Failure;
        if (failure is null)
        {
            LiveServing.Restore(engine, row, live, found.State.Process.Pid);
            return session;
        }

        session.Dispose();
        return failure.Error is Errno.EBUSY or Errno.ESRCH
            ? null
            : throw new TareException(
                ErrorKind.Unavailable,
                $"container {row.Name}: its keeper was killed, and a new one cannot take over: {failure.Text}");
    }
}
