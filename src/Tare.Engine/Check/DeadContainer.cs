// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.State;
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

        // one that cannot be read would be in the way
        CgroupPlaces.Release(engine.Folders, id.Text);
        if (Settlement.Bring(engine, id) is { } row && !RunningContainers.IsRunning(engine, row))
        {
            // of a run that was recorded long ago
            ContainerCgroup.Remove(engine, id);
            engine.Folders.RemoveLive(id.Text);
        }

        operation.Complete();
    }

    /// <summary>Removes the record of a container whose files are gone.</summary>
    public static void RemoveRecord(TareEngine engine, ContainerId id)
    {
        using Operation? operation = Operation.TryBegin(engine.Folders, id.Text);
        if (operation is null)
        {
            return;
        }

        byte[] name = Encoding.ASCII.GetBytes(id.Text);
        bool isLost = engine.Folders.Containers.TryStatus(name) is null
            && engine.Containers.Find(id.Text) is { } row
            && !RunningContainers.IsRunning(engine, row);
        if (isLost)
        {
            ContainerCgroup.Remove(engine, id);
            Removal.RemoveAll(engine, id, volumes: true, durable: true);
        }

        operation.Complete();
    }
}
