// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.Volumes;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Engine.Pruning;

/// <summary>Removes what nobody uses: containers that have ended, volumes, images.</summary>
/// <remarks>Each thing is looked at again under its own lock before it goes; what somebody took into use meanwhile stays.</remarks>
internal static class Pruning
{
    /// <summary>Removes every container that does not run.</summary>
    public static (IReadOnlyList<string> Ids, long Bytes) Containers(TareEngine engine, PruneFilter filter)
    {
        var ids = new List<string>();
        long bytes = 0;
        foreach (ContainerRow row in engine.Containers.List())
        {
            bool isMeant = !StatusReader.Read(engine, row).IsLive
                && filter.Matches(row.Created, ContainerJson.ReadRecord(row).Config.Labels);
            if (isMeant && TryRemove(engine, row, out long own))
            {
                ids.Add(row.Id.Text);
                bytes += own;
            }
        }

        return (ids, bytes);
    }

    /// <summary>Removes every volume that no container uses; without <paramref name="all"/> those that nobody named.</summary>
    public static (IReadOnlyList<string> Names, long Bytes) Volumes(TareEngine engine, bool all, PruneFilter filter)
    {
        var names = new List<string>();
        long bytes = 0;
        foreach (VolumeRow volume in engine.Volumes.List())
        {
            bool isMeant = (all || filter.All || volume.Anonymous)
                && filter.Matches(volume.Created, volume.Labels) && engine.Volumes.UsersOf(volume.Name).Count == 0;
            if (isMeant)
            {
                long own = DiskUsage.OfVolume(engine, volume.Name);
                if (engine.Volumes.TryRemove(volume.Name))
                {
                    names.Add(volume.Name);
                    bytes += own;
                }
            }
        }

        return (names, bytes);
    }

    /// <summary>Removes images without a name, with <paramref name="all"/> those that no container was made from.</summary>
    public static (IReadOnlyList<RemovedItem> Done, long Bytes) Images(TareEngine engine, bool all, PruneFilter filter) =>
        engine.Images.Prune(all, filter.ForImages, () => ImageUsers.Read(engine));

    private static bool TryRemove(TareEngine engine, ContainerRow row, out long bytes)
    {
        bytes = 0;
        try
        {
            long own = ContainerSize.Of(engine, row).Own;
            Engine.Containers.Removal.Remove(engine, row, force: false, volumes: false);
            bytes = own;
            return true;
        }
        catch (TareException taken) when (taken.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
        {
            // somebody started or removed it just now
            return false;
        }
    }
}
