// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;

namespace Tare.Images.Building;

/// <summary>The builder's cache as a whole: what it holds, and less of it.</summary>
internal static class BuildRecords
{
    /// <summary>All records, the one that was used last at the end.</summary>
    public static IReadOnlyList<BuildRecord> List(ImageStore store) => store.Catalog.AllBuilt();

    /// <summary>Bytes of one record's layer, unpacked and packed.</summary>
    public static long Bytes(BuildRecord record) => record.Layer is { } layer ? layer.Size + layer.Blob.Size : 0;

    /// <summary>Bytes of several; a layer that several have counts once.</summary>
    public static long Bytes(IReadOnlyList<BuildRecord> records) =>
        records.Where(static record => record.Layer is not null).DistinctBy(static record => record.Layer!.Chain).Sum(Bytes);

    /// <summary>Removes records, the longest unused first, until the rest takes no more than this; then what nobody needs goes.</summary>
    /// <returns>what went; images and running builds keep layers that they have in common with it</returns>
    public static IReadOnlyList<BuildRecord> Prune(ImageStore store, long keptBytes)
    {
        List<BuildRecord> gone = store.Catalog.Write(durable: false, () =>
        {
            List<BuildRecord> all = store.Catalog.AllBuilt();
            List<BuildRecord> removed = [];
            while (removed.Count < all.Count && (keptBytes == 0 || Bytes(all[removed.Count..]) > keptBytes))
            {
                BuildRecord record = all[removed.Count];
                store.Catalog.RemoveBuilt(record.Key);
                removed.Add(record);
            }

            return removed;
        });
        new Collector(store).Collect();
        return gone;
    }
}
