// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Removes containers with everything that they were.</summary>
/// <remarks>
/// The record goes first and the folders after it, so that who is killed in between leaves folders without a record,
/// which <see cref="Recovery"/> removes.
/// </remarks>
internal static class Removal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Removes a container as <c>rm</c> does.</summary>
    /// <param name="engine">whose it is</param>
    /// <param name="row">the container</param>
    /// <param name="force">a running one is killed first</param>
    /// <param name="volumes">its anonymous volumes go too</param>
    /// <exception cref="TareException">
    /// Conflict: it runs, or somebody else removes it; Unavailable: it does not die, and is removed when it does
    /// </exception>
    public static void Remove(TareEngine engine, ContainerRow row, bool force, bool volumes)
    {
        ContainerStatus status = StatusReader.Read(engine, row);
        if (status.IsLive)
        {
            Refuse(row, status, force);
            KillForGood(engine, row);
        }

        using Operation? operation = ContainerChange.Begin(engine, row);
        ContainerRow? now = operation is null ? null : Settlement.Bring(engine, row.Id);
        if (now is null && !row.AutoRemove)
        {
            operation?.Complete();
            throw ContainerChange.Gone(row);
        }

        if (now is not null)
        {
            if (StatusReader.Read(engine, now).IsLive)
            {
                operation!.Complete();
                throw new TareException(
                    ErrorKind.Conflict, $"container {now.Name}: somebody started it again just now", $"tare rm -f {now.Name}");
            }

            RemoveAll(engine, row.Id, volumes || row.AutoRemove, durable: true);
        }

        operation?.Complete();
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

    private static void Refuse(ContainerRow row, ContainerStatus status, bool force)
    {
        if (!force)
        {
            throw new TareException(
                ErrorKind.Conflict,
                $"cannot remove container \"{row.Name}\": container is "
                + (status.Kind == ContainerStatusKind.Paused
                    ? "paused and must be unpaused first"
                    : "running: stop the container before removing or force remove"),
                $"tare rm -f {row.Name}");
        }
    }

    /// <summary>A process that is stuck in the kernel dies when it comes back from there, and then its container goes.</summary>
    private static void KillForGood(TareEngine engine, ContainerRow row)
    {
        try
        {
            ContainerSignal.EndNow(engine, row, Patience);
        }
        catch (StuckException stuck)
        {
            engine.Containers.RemoveAtEnd(row.Id);
            throw new TareException(
                ErrorKind.Unavailable, stuck.Message, "it is removed by itself as soon as the kernel lets it die", stuck);
        }
    }
}
