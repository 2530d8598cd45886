// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layers;
using Tare.Images.Snapshots;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>One image on its way into the store: unpacks what is missing, and publishes it when all of it is durable.</summary>
/// <remarks>
/// Each missing layer is claimed by a lock until it is published, so that of several processes one unpacks and the
/// others wait and then find it. Locks are taken along the chain, bottom first: nobody can wait in a circle.
/// </remarks>
internal sealed class StoreWriter(ImageStore store, Image image, Action committed) : IImageWriter
{
    /// <summary>Layers held back for one sync; each holds a lock and up to two descriptors.</summary>
    private const int Batch = 64;

    private readonly List<PendingLayer> _pending = [];
    private readonly HashSet<Digest> _blobs = [];

    public Task<bool> HasLayerAsync(ImageLayer layer, CancellationToken ct)
    {
        bool hasTree = store.Catalog.TreeSize(layer.Chain) is not null;
        Scratch? claim = null;
        if (!hasTree)
        {
            claim = Scratch.Take(store.Folder, LayerStore.ScratchName(layer.Chain));
            hasTree = store.Catalog.TreeSize(layer.Chain) is not null;
            if (hasTree)
            {
                claim.Dispose();
                claim = null;
            }
        }
        bool hasBlob = _blobs.Contains(layer.Descriptor.Digest) || store.Blobs.Has(layer.Descriptor.Digest);
        if (hasTree && hasBlob && store.Catalog.IsLayer(layer.Descriptor.Digest, layer.DiffId))
        {
            return Task.FromResult(true);
        }
        _pending.Add(new PendingLayer(layer, claim, hasBlob ? null : store.Blobs.Create(layer.Descriptor.Digest.Algorithm)));
        return Task.FromResult(false);
    }

    public Task WriteLayerAsync(ImageLayer layer, Stream bytes, CancellationToken ct)
    {
        PendingLayer pending = _pending[^1];
        if (pending.Layer != layer)
        {
            throw new TareException(ErrorKind.Internal, $"{layer}: written before it was asked for");
        }
        var intake = new LayerIntake(layer, LayerLimits.Default);
        if (pending.Claim is null)
        {
            intake.Run(bytes, pending.Blob, tree: null, parents: null, ct);
        }
        else
        {
            using Root? parents = ViewBelow(layer);
            using Root tree = Root.From(LayerStore.Begin(pending.Claim));
            pending.Size = intake.Run(bytes, pending.Blob, tree, parents, ct);
        }
        _blobs.Add(layer.Descriptor.Digest);
        if (_pending.Count == Batch)
        {
            Publish();
        }
        return Task.CompletedTask;
    }

    public Task CommitAsync(CancellationToken ct)
    {
        using Fd config = Write(image.Config.Bytes, image.Config.Digest);
        using Fd manifest = Write(image.Manifest.Bytes, image.Manifest.Digest);
        Publish((config, image.Config.Digest), (manifest, image.Manifest.Digest));
        committed();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        for (int i = _pending.Count - 1; i >= 0; i--)
        {
            _pending[i].Dispose();
        }
        _pending.Clear();
    }

    private Fd Write(ReadOnlyMemory<byte> bytes, Digest digest)
    {
        Fd file = store.Blobs.Create(digest.Algorithm);
        file.Write(bytes.Span);
        return file;
    }

    private void Publish(params ReadOnlySpan<(Fd File, Digest Digest)> documents)
    {
        store.Folder.Root.SyncFileSystem();
        foreach (PendingLayer pending in _pending)
        {
            if (pending.Blob is { } blob)
            {
                store.Blobs.Publish(blob, pending.Layer.Descriptor.Digest);
            }
            if (pending.Claim is { } claim)
            {
                store.Layers.Publish(claim, pending.Layer.Chain);
            }
        }
        foreach ((Fd file, Digest digest) in documents)
        {
            store.Blobs.Publish(file, digest);
        }
        store.SyncBlobNames([image.Config.Digest, image.Manifest.Digest, .. _blobs]);
        store.Layers.Sync();
        store.Catalog.Write(durable: false, () =>
        {
            foreach (PendingLayer pending in _pending.Where(static p => p.Claim is not null))
            {
                store.Catalog.AddTree(pending.Layer.Chain, pending.Size);
            }
            return true;
        });
        Dispose();
    }

    /// <summary>The layers below as one read-only tree, finished ones from the store and those of this batch from scratch.</summary>
    private Root? ViewBelow(ImageLayer layer)
    {
        if (layer.Index == 0)
        {
            return null;
        }
        Fd[] lowers = new Fd[layer.Index];
        try
        {
            for (int i = 0; i < lowers.Length; i++)
            {
                ImageLayer below = image.Layers[layer.Index - 1 - i];
                PendingLayer? pending = _pending.Find(p => p.Layer == below && p.Claim is not null);
                lowers[i] = pending?.Claim!.OpenDirectory() ?? store.Layers.Open(below.Chain);
            }
            return Root.From(LayerView.Mount(lowers, store.Folder.Empty));
        }
        finally
        {
            foreach (Fd? lower in lowers)
            {
                lower?.Dispose();
            }
        }
    }
}
