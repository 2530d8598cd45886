// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;

namespace Tare.Images.Building;

/// <summary>The builder's cache as a whole: what it holds, and less of it.</summary>
internal static class BuildRecords
{
    /// <summary>All records, the one that was used last at the end.</summary>
    public static IReadOnlyList<BuildRecordUse> List(ImageStore store) => store.Catalog.Write(durable: false, () =>
    {
        Lease.RemoveDead(store.Folder, store.Catalog);
        return Read(store);
    });

    /// <summary>Removes records, then what nobody needs any more.</summary>
    /// <param name="store">whose</param>
    /// <param name="choose">of all records those that go; what a running build uses stays whatever it says</param>
    /// <returns>what went; images and running builds keep layers that they have in common with it</returns>
    public static IReadOnlyList<BuildRecordUse> Prune(
        ImageStore store, Func<IReadOnlyList<BuildRecordUse>, IEnumerable<BuildRecordUse>> choose)
    {
        List<BuildRecordUse> gone = store.Catalog.Write(durable: false, () =>
        {
            // read and removed in one transaction: a build that asks meanwhile finds the record leased, or not at all
            Lease.RemoveDead(store.Folder, store.Catalog);
            List<BuildRecordUse> removed = [.. choose(Read(store)).Where(static one => !one.IsInUse)];
            removed.ForEach(one => store.Catalog.RemoveBuilt(one.Record.Key));
            return removed;
        });
        new Collector(store).Collect();
        return gone;
    }

    private static List<BuildRecordUse> Read(ImageStore store)
    {
        HashSet<string> leased = store.Catalog.Leased();
        HashSet<string> images = store.Catalog.ImageChains();
        return [.. store.Catalog.AllBuilt().Select(record => new BuildRecordUse(
            record,
            record.Layer is { } used && leased.Contains(Lease.Item(used.Chain)),
            record.Layer is { } layer && images.Contains(layer.Chain.ToString())))];
    }
}
