// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>Makes images of the store out of what was pushed to the folder.</summary>
internal sealed class StoreIntake(OpenStores stores, FolderStorage side, Action<string> warn) : IDisposable
{
    private const int MaxDepth = 4;

    /// <summary>Unpacking takes processors and memory: so many at a time.</summary>
    private readonly SemaphoreSlim _turn = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Brings an image to the store and names it; when this returns true it can be run.</summary>
    /// <returns>false when it is no image that this engine can run: the registry keeps it all the same</returns>
    public async Task<bool> TryTakeAsync(Repository repository, StoredManifest manifest, Reference name, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        ImageStore store = stores.Take();
        try
        {
            using AdoptedBlobs adopted = new(store);
            Adopt(repository, adopted, manifest);
            using FolderSource source = new(side, repository);
            using StoreSink sink = new(store);
            OfferedImage offered = new(new(manifest.MediaType, manifest.Digest, manifest.Bytes.Length), [name]);
            await Copy.RunAsync(source, sink, offered, new PlatformFilter(null), CopyLimits.Default, ct);
            return true;
        }
        catch (TareException e) when (e.Kind is ErrorKind.Corrupt or ErrorKind.NotSupported or ErrorKind.NotFound)
        {
            warn($"{name.Familiar} is kept, but cannot be run here: {e.Message}");
            return false;
        }
        finally
        {
            stores.Return(store);
            _turn.Release();
        }
    }

    /// <summary>Removes from the folder what the store has now, except what other manifests there need.</summary>
    /// <remarks>Otherwise an image that is removed with the engine would keep its bytes until the next collection.</remarks>
    public void RemoveTaken(Repository repository, StoredManifest manifest)
    {
        if (PushedDocument.Parse(manifest).Subject is not null)
        {
            // the list of referrers leads here
            return;
        }

        HashSet<Digest> blobs = [];
        HashSet<Digest> manifests = [];
        Collect(repository, manifest, blobs, manifests, MaxDepth);
        foreach (Digest other in side.Shelf.List(repository).Where(digest => !manifests.Contains(digest)))
        {
            if (side.Shelf.TryRead(repository, other) is { } kept)
            {
                HashSet<Digest> needed = [.. PushedDocument.Parse(kept).Children.Select(static child => child.Digest)];
                blobs.ExceptWith(needed);
                manifests.ExceptWith(needed);
            }
        }

        foreach (Digest digest in manifests)
        {
            side.Shelf.TryRemove(repository, digest);
        }

        foreach (Digest digest in blobs)
        {
            side.Links.Drop(repository, digest);
        }
    }

    public void Dispose() => _turn.Dispose();

    private void Adopt(Repository repository, AdoptedBlobs adopted, StoredManifest manifest)
    {
        HashSet<Digest> blobs = [];
        Collect(repository, manifest, blobs, [], MaxDepth);
        List<Digest> added = [];
        foreach (Digest digest in blobs)
        {
            using Fd? file = side.Links.TryOpen(repository, digest);
            if (file is not null && adopted.TryAdd(digest, file))
            {
                added.Add(digest);
            }
        }

        adopted.Sync(added);
    }

    /// <summary>All blobs and manifests below one, itself too; of manifests with a subject nothing, they stay.</summary>
    private void Collect(
        Repository repository, StoredManifest manifest, HashSet<Digest> blobs, HashSet<Digest> manifests, int depth)
    {
        PushedDocument document = PushedDocument.Parse(manifest);
        if (document.Subject is null)
        {
            manifests.Add(manifest.Digest);
        }

        foreach (Descriptor child in document.Children)
        {
            if (child.Kind is not (ContentKind.Index or ContentKind.Manifest))
            {
                blobs.Add(child.Digest);
            }
            else if (depth > 0 && side.Shelf.TryRead(repository, child.Digest) is { } inner)
            {
                Collect(repository, inner, blobs, manifests, depth - 1);
            }
        }
    }
}
