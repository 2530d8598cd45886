// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>What each image of a store keeps on its disk: documents, packed layers, the files of unpacked ones.</summary>
/// <remarks>Of files their lengths, as they were stored; what several images share counts once in a sum.</remarks>
internal sealed class StoreUse
{
    private readonly ILookup<Digest, (string Item, long Bytes)> _items;

    private StoreUse(ILookup<Digest, (string Item, long Bytes)> items) => _items = items;

    public static StoreUse Read(Catalog catalog) => new(
        catalog.Items().ToLookup(static row => row.Manifest, static row => (row.Item, row.Bytes)));

    /// <summary>Bytes that these images keep together.</summary>
    /// <param name="manifests">of images; one may be named twice</param>
    public long Of(IEnumerable<Digest> manifests) => Distinct(manifests).Values.Sum();

    /// <summary>Bytes that would go with an image, and those that others keep too.</summary>
    /// <param name="manifest">of the image</param>
    /// <param name="others">the other images there are</param>
    public (long Unique, long Shared) Split(Digest manifest, IEnumerable<Digest> others)
    {
        Dictionary<string, long> kept = Distinct(others);
        long all = Of([manifest]);
        long shared = Distinct([manifest]).Where(item => kept.ContainsKey(item.Key)).Sum(static item => item.Value);
        return (all - shared, shared);
    }

    private Dictionary<string, long> Distinct(IEnumerable<Digest> manifests)
    {
        var items = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((string item, long bytes) in manifests.Distinct().SelectMany(manifest => _items[manifest]))
        {
            items.TryAdd(item, bytes);
        }

        return items;
    }
}
