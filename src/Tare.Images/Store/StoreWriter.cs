// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
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
/// Several layers may be written at once. A tree is made on top of those below, so one whose turn has not come is brought
/// to its blob file first, and unpacked from there, out of the page cache, when they are done.
/// </remarks>
internal sealed class StoreWriter(ImageStore store, Image image, Partials? partials, Action committed, Action halfDone) : IImageWriter
{
    /// <summary>Layers held back for one sync; each holds a lock and up to two descriptors.</summary>
    private const int Batch = 64;

    private const int BufferBytes = 256 * 1024;

    /// <summary>Replaced, never changed: layers that are being written look at it from their own threads.</summary>
    private volatile PendingLayer[] _pending = [];

    private readonly HashSet<Digest> _blobs = [];

    /// <summary>Something failed that a new attempt may not better: wrong bytes, a full disk.</summary>
    private volatile bool _isSpoilt;

    public async Task<bool> HasLayerAsync(ImageLayer layer, CancellationToken ct)
    {
        if (_pending.Length == Batch)
        {
            await Task.WhenAll(_pending.Select(static p => p.Written.Task)).WaitAsync(ct);
            Publish();
        }
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
        bool isWritten = Array.Exists(
            _pending, p => p.Layer.Descriptor.Digest == layer.Descriptor.Digest && p.Written.Task.IsCompletedSuccessfully);
        bool hasBlob = isWritten || store.Blobs.Has(layer.Descriptor.Digest);
        if (hasTree && hasBlob && store.Catalog.IsLayer(layer.Descriptor.Digest, layer.DiffId))
        {
            return true;
        }
        PartialBlob? partial = hasBlob ? null : partials?.TryBegin(layer.Descriptor);
        Fd? blob = hasBlob || partial is not null ? null : store.Blobs.Create(layer.Descriptor.Digest.Algorithm);
        _pending = [.. _pending, new PendingLayer(layer, claim, blob, partial)];
        _blobs.Add(layer.Descriptor.Digest);
        return false;
    }

    public async Task WriteLayerAsync(ImageLayer layer, Stream bytes, CancellationToken ct)
    {
        PendingLayer[] known = _pending;
        int index = Array.FindIndex(known, p => p.Layer == layer);
        if (index < 0)
        {
            throw new TareException(ErrorKind.Internal, $"{layer}: written before it was asked for");
        }
        PendingLayer pending = known[index];
        Task below = Task.WhenAll(known[..index].Where(static p => p.Claim is not null).Select(static p => p.Written.Task));
        try
        {
            await WriteAsync(pending, bytes, below, ct);
            pending.Written.SetResult();
        }
        catch (Exception e)
        {
            _isSpoilt |= e is not (OperationCanceledException or TareException { Kind: ErrorKind.Unavailable or ErrorKind.Cancelled });
            // whoever waits for this one is told that it never comes, not why: the cause is told once
            pending.Written.SetCanceled(CancellationToken.None);
            throw;
        }
    }

    public Task CommitAsync(CancellationToken ct)
    {
        using Fd config = Write(image.Config.Bytes, image.Config.Digest);
        using Fd manifest = Write(image.Manifest.Bytes, image.Manifest.Digest);
        Publish((config, image.Config.Digest), (manifest, image.Manifest.Digest));
        committed();
        return Task.CompletedTask;
    }

    /// <summary>What came before the way there was cut off is kept; after any other failure nothing is.</summary>
    public void Dispose()
    {
        foreach (PendingLayer pending in _pending.Reverse())
        {
            if (!_isSpoilt)
            {
                pending.Partial?.Keep();
            }
            pending.Dispose();
        }
        _pending = [];
    }

    private async Task WriteAsync(PendingLayer pending, Stream bytes, Task below, CancellationToken ct)
    {
        bool mustWait = pending.Claim is not null && !below.IsCompleted;
        if (!mustWait || pending.Blob is not { } blob)
        {
            if (pending.Claim is not null)
            {
                await below.WaitAsync(ct);
            }
            await Apart(() => Unpack(pending, bytes, pending.Blob, ct), ct);
            return;
        }
        await Apart(() => Keep(bytes, blob, ct), ct);
        await below.WaitAsync(ct);
        await Apart(
            () =>
            {
                using var stored = new FileRange(blob, 0, pending.Layer.Descriptor.Size);
                Unpack(pending, stored, blob: null, ct);
            },
            ct);
    }

    /// <summary>On a thread of its own: it blocks for as long as the bytes take to come.</summary>
    private static Task Apart(Action work, CancellationToken ct) =>
        Task.Factory.StartNew(work, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Keep(Stream bytes, Fd blob, CancellationToken ct)
    {
        byte[] buffer = new byte[BufferBytes];
        for (int n; (n = bytes.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            ct.ThrowIfCancellationRequested();
            blob.Write(buffer.AsSpan(0, n));
        }
        // only the end tells whether the bytes are right
        _ = bytes.Read(buffer);
    }

    private void Unpack(PendingLayer pending, Stream bytes, Fd? blob, CancellationToken ct)
    {
        var intake = new LayerIntake(pending.Layer, LayerLimits.Default);
        if (pending.Claim is null)
        {
            intake.Run(bytes, blob, tree: null, parents: null, ct);
            return;
        }
        using Root? parents = ViewBelow(pending.Layer);
        using Root tree = Root.From(LayerStore.Begin(pending.Claim));
        pending.Size = intake.Run(bytes, blob, tree, parents, ct);
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
        try
        {
            Name(documents);
        }
        catch
        {
            halfDone();
            throw;
        }
        for (int i = _pending.Length - 1; i >= 0; i--)
        {
            _pending[i].Dispose();
        }
        _pending = [];
    }

    /// <summary>Gives everything its place; all of it is durable.</summary>
    private void Name(ReadOnlySpan<(Fd File, Digest Digest)> documents)
    {
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
                PendingLayer? pending = Array.Find(_pending, p => p.Layer == below && p.Claim is not null);
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
