// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>Removes from a bucket what nothing refers to while the server goes on; see <see cref="Collector"/> for the rules.</summary>
/// <remarks>A bucket has no locks and counts no links: this is right while one server collects and pushes. Others may read.</remarks>
internal sealed class BucketCollector(
    BucketClient client, BucketFiles files, BucketManifests manifests, BucketTouches touches, TimeProvider time, TimeSpan grace)
{
    public async Task<Collected> CollectAsync(Action<string> warn, CancellationToken ct)
    {
        touches.Begin();
        try
        {
            HashSet<Digest> shown = [];
            foreach (string folder in await files.FoldersAsync(BucketKeys.Repositories, ct))
            {
                if (Repository.OfFolder(folder) is { } repository)
                {
                    await CollectAsync(repository, shown, warn, ct);
                }
            }

            return await RemoveContentsAsync(shown, ct);
        }
        finally
        {
            touches.End();
        }
    }

    /// <summary>Removes what no manifest of a repository names, and adds the rest to <paramref name="shown"/>.</summary>
    private async Task CollectAsync(Repository repository, HashSet<Digest> shown, Action<string> warn, CancellationToken ct)
    {
        HashSet<Digest> old = [];
        await foreach (BucketObject each in files.ListAsync(BucketKeys.Blobs(repository), "", ct))
        {
            if (BucketKeys.TryDigest(each.Key, out Digest digest))
            {
                (IsOld(each) ? old : shown).Add(digest);
            }
        }

        try
        {
            if (old.Count > 0)
            {
                await KeepReferencedAsync(repository, old, shown, ct);
            }
        }
        catch (TareException e) when (e.Kind != ErrorKind.Unavailable)
        {
            // what it names is unknown, so everything stays
            shown.UnionWith(old);
            old.Clear();
            warn($"collection leaves repository {repository.Name} alone: {e.Message}");
        }

        foreach (Digest digest in old)
        {
            string key = BucketKeys.Blob(repository, digest);
            if (!await touches.TryRemoveAsync(key, () => client.DeleteAsync(key, ct), ct))
            {
                shown.Add(digest);
            }
        }
    }

    private async Task KeepReferencedAsync(Repository repository, HashSet<Digest> old, HashSet<Digest> shown, CancellationToken ct)
    {
        await foreach (Digest digest in manifests.ListAsync(repository, ct))
        {
            if (await manifests.TryReadAsync(repository, digest, ct) is { } manifest)
            {
                foreach (Descriptor child in PushedDocument.Parse(manifest).Children.Where(child => old.Remove(child.Digest)))
                {
                    shown.Add(child.Digest);
                }
            }
        }
    }

    private async Task<Collected> RemoveContentsAsync(HashSet<Digest> shown, CancellationToken ct)
    {
        int count = 0;
        long bytes = 0;
        await foreach (BucketObject each in files.ListAsync(BucketKeys.Contents, "", ct))
        {
            if (IsOld(each) && BucketKeys.TryDigest(each.Key, out Digest digest) && !shown.Contains(digest)
                && await touches.TryRemoveAsync(each.Key, () => client.DeleteAsync(each.Key, ct), ct))
            {
                count++;
                bytes += each.Size;
            }
        }

        return new(count, bytes);
    }

    private bool IsOld(BucketObject each) => each.Modified < time.GetUtcNow() - grace;
}
