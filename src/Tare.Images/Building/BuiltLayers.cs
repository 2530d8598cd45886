// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>Makes layers of the store out of what steps wrote.</summary>
internal static class BuiltLayers
{
    private const int MaxNames = 1 << 20;

    private static readonly byte[] Upper = "upper"u8.ToArray();

    /// <summary>An image of these layers that no name leads to and that was never stored: for snapshots.</summary>
    /// <param name="layers">bottom first</param>
    /// <param name="platform">what it runs on</param>
    public static StoredImage ImageOf(IReadOnlyList<StoredLayer> layers, Platform platform)
    {
        byte[] config = new ImageConfig(platform.Architecture, platform.Os)
        {
            RootFs = new RootFs { DiffIds = [.. layers.Select(static layer => layer.DiffId)] },
        }.ToBytes();
        Digest id = Digest.Of(config);
        return new StoredImage(id, new Descriptor(MediaType.OciManifest, id, 0), id, platform, null, 0, config) { Layers = layers };
    }

    /// <summary>True when nothing stands in the writable directory and its own metadata are those of the layer below.</summary>
    public static bool IsUnchanged(Fd upper) => upper.IsEmptyDirectory();

    /// <summary>Takes the writable directory of a snapshot that is mounted no more into the store.</summary>
    /// <param name="cache">told; keeps it</param>
    /// <param name="folder">holds <c>upper</c>; on the store's file system</param>
    /// <param name="below">the layers that the snapshot is made of</param>
    /// <param name="ct">stops the packing</param>
    /// <returns>the layer, durable, on top of those below</returns>
    public static StoredLayer Publish(BuildCache cache, Fd folder, IReadOnlyList<StoredLayer> below, CancellationToken ct)
    {
        ImageStore store = cache.Alone(static store => store);
        using Root upper = Root.From(folder.Open(Upper, OpenFlags.ReadOnly | OpenFlags.Directory));
        using Fd file = store.Blobs.Create(HashAlgorithm.Sha256);
        (DiffId diffId, Descriptor blob) = LayerPacking.Pack(upper, file, null, ct);
        ChainId chain = below.Count == 0 ? ChainId.Of(diffId) : below[^1].Chain.Then(diffId);
        var layer = new StoredLayer(chain, diffId, blob, SizeOf(upper.Fd));
        folder.SyncFileSystem();
        using Scratch claim = Scratch.Take(store.Folder, LayerStore.ScratchName(chain));
        cache.Publish(layer, () =>
        {
            store.Blobs.Publish(file, blob.Digest);
            store.SyncBlobNames([blob.Digest]);
            store.Layers.PublishFrom(folder, Upper, chain);
        });
        if (!store.Blobs.Has(blob.Digest))
        {
            // the tree was there, under other bytes or without any
            store.Blobs.Publish(file, blob.Digest);
            store.SyncBlobNames([blob.Digest]);
        }

        return layer;
    }

    private static long SizeOf(Fd directory)
    {
        long bytes = 0;
        foreach (byte[] name in directory.SortedNames(MaxNames))
        {
            FileStatus status = directory.Status(name);
            if (status.IsDirectory)
            {
                using Fd child = directory.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
                bytes += SizeOf(child);
            }
            else if (status.IsRegular)
            {
                bytes += status.Size;
            }
        }

        return bytes;
    }
}
