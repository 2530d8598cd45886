// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Check;

/// <summary>Removes what a container left that does not run, by the rules of <see cref="Recovery"/>.</summary>
internal static class DeadContainer
{
    /// <summary>Does nothing when somebody is at work on it or it runs after all.</summary>
    public static void Finish(TareEngine engine, ContainerId id)
    {
        using Operation? operation = Operation.TryBegin(engine.Folders, id.Text);
        if (operation is null)
        {
            return;
        }

        if (engine.Containers.Find(id.Text) is not { } row)
        {
            Removal.RemoveCgroups(engine, id);
            Removal.RemoveAll(engine, id, volumes: true, durable: false);
        }
        else if (RunningContainers.TryFind(engine, row) is null)
        {
            Removal.RemoveCgroups(engine, id);
            Settle(engine, row);
        }
    }

    /// <summary>Removes the record of a container whose files are gone.</summary>
    public static void RemoveRecord(TareEngine engine, ContainerId id)
    {
        using Operation? operation = Operation.TryBegin(engine.Folders, id.Text);
        byte[] name = Encoding.ASCII.GetBytes(id.Text);
        bool isLost = operation is not null
            && engine.Folders.Containers.TryStatus(name) is null
            && engine.Containers.Find(id.Text) is { } row
            && RunningContainers.TryFind(engine, row) is null;
        if (isLost)
        {
            Removal.RemoveCgroups(engine, id);
            Removal.RemoveAll(engine, id, volumes: true, durable: true);
        }
    }

    private static void Settle(TareEngine engine, ContainerRow row)
    {
        if (RunningContainers.IsUnsettled(engine, row))
        {
            using Fd? live = engine.Folders.TryOpenLive(row.Id.Text);
            Removal.Settle(
                engine,
                row,
                live is null ? null : KeeperClient.TryReadExit(live),
                live is null ? null : StatusReader.StartedAt(live));
        }

        bool isLeft = engine.Containers.Find(row.Id.Text) is { } settled && !RunningContainers.KeepsRunFolder(settled);
        if (isLeft)
        {
            FileTree.Remove(engine.Folders.Live, Encoding.ASCII.GetBytes(row.Id.Text));
        }
    }
}
