// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layers;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>Takes the stored bytes of a layer that another store's build made into this one.</summary>
internal static class ReceivedLayer
{
    /// <param name="cache">keeps it</param>
    /// <param name="below">what it goes on top of, all in the store</param>
    /// <param name="blob">what its bytes must be</param>
    /// <param name="diffId">what they must unpack to</param>
    /// <param name="open">the bytes; asked for only when the store lacks them</param>
    /// <param name="ct">stops it</param>
    /// <returns>the layer, verified and durable</returns>
    /// <exception cref="TareException">Corrupt: the bytes are others; what <paramref name="open"/> throws</exception>
    public static StoredLayer Take(
        BuildCache cache, IReadOnlyList<StoredLayer> below, Descriptor blob, DiffId diffId, Func<Stream> open, CancellationToken ct)
    {
        ImageStore store = cache.Alone(static store => store);
        ChainId chain = below.Count == 0 ? ChainId.Of(diffId) : below[^1].Chain.Then(diffId);
        using Scratch claim = Scratch.Take(store.Folder, LayerStore.ScratchName(chain));
        if (cache.Alone(known => known.Catalog.TreeSize(chain)) is { } size && store.Blobs.Has(blob.Digest)
            && cache.Alone(known => known.Catalog.IsLayer(blob.Digest, diffId)))
        {
            var there = new StoredLayer(chain, diffId, blob, size);
            cache.Publish(there, static () => { });
            return there;
        }

        using Fd file = store.Blobs.Create(blob.Digest.Algorithm);
        using Root? parents = below.Count == 0 ? null : StepFolder.View(store, below);
        using Root tree = Root.From(LayerStore.Begin(claim));
        using var bytes = new VerifyingStream(open(), blob, "layer");
        long unpacked = new LayerIntake(new ImageLayer(below.Count, blob, diffId, chain), LayerLimits.Default)
            .Run(bytes, file, tree, parents, ct);
        store.Folder.Root.SyncFileSystem();
        var layer = new StoredLayer(chain, diffId, blob, unpacked);
        cache.Publish(layer, () =>
        {
            store.Blobs.Publish(file, blob.Digest);
            store.SyncBlobNames([blob.Digest]);
            store.Layers.Publish(claim, chain);
        });
        if (!store.Blobs.Has(blob.Digest))
        {
            // the tree was there, under other bytes
            store.Blobs.Publish(file, blob.Digest);
            store.SyncBlobNames([blob.Digest]);
        }

        return layer;
    }
}
