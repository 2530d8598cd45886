// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>Removes blobs and layers that no image and no running load needs, and what dead processes left.</summary>
/// <remarks>
/// Decides and takes names away inside one transaction, so that a load that begins meanwhile either has its lease seen
/// or finds the content gone; the slow removal of files comes after.
/// </remarks>
internal sealed class Collector(ImageStore store)
{
    /// <summary>Removes everything unneeded; answers the layers that went, topmost of each stack first.</summary>
    /// <param name="all">also blobs that a later pull might have gone on with</param>
    public IReadOnlyList<ChainId> Collect(bool all = false)
    {
        Scratch.Sweep(store.Folder, all ? null : store.Now);
        List<Scratch> trash = [];
        try
        {
            return Reserve.Use(store.Folder, () => store.Catalog.Write(durable: false, () => TakeAway(trash)));
        }
        finally
        {
            trash.ForEach(static t => t.Dispose());
            Reserve.Keep(store.Folder);
        }
    }

    private List<ChainId> TakeAway(List<Scratch> trash)
    {
        Lease.RemoveDead(store.Folder, store.Catalog);
        HashSet<string> kept = store.Catalog.Kept();
        foreach (Digest blob in store.Blobs.List().Where(b => !kept.Contains(Lease.Item(b))))
        {
            store.Blobs.Remove(blob);
        }
        List<ChainId> gone = [.. store.Layers.List().Where(c => !kept.Contains(Lease.Item(c)))];
        foreach (ChainId chain in gone)
        {
            store.Catalog.RemoveTree(chain);
            if (store.Layers.TryTakeAway(chain) is { } taken)
            {
                trash.Add(taken);
            }
        }
        return gone;
    }
}
