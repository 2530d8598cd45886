// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>Manifests, tags and referrers in a bucket, each an object.</summary>
internal sealed class BucketManifests(BucketClient client, BucketFiles files, BucketBlobs blobs) : IManifests
{
    private const int MaxMediaTypeBytes = 256;
    private const int MaxObject = ManifestShelf.MaxBytes + MaxMediaTypeBytes;
    private const int ChildrenAtOnce = 8;

    public async ValueTask<StoredManifest?> TryReadAsync(Repository repository, Digest digest, CancellationToken ct)
    {
        byte[]? bytes = await client.GetAsync(BucketKeys.Manifest(repository, digest), MaxObject, ct);
        int end = bytes is null ? -1 : Array.IndexOf(bytes, (byte)'\n');
        return end < 0 ? null : new(digest, Encoding.ASCII.GetString(bytes!, 0, end), bytes.AsMemory(end + 1));
    }

    public async ValueTask<Digest?> TryResolveAsync(Repository repository, string tag, CancellationToken ct)
    {
        byte[]? text = await client.GetAsync(BucketKeys.Tag(repository, tag), Digest.MaxTextLength, ct);
        return text is not null && Digest.TryParse(Encoding.ASCII.GetString(text), out Digest digest) ? digest : null;
    }

    public async ValueTask<IReadOnlyList<Digest>> PutAsync(
        Repository repository, StoredManifest manifest, PushedDocument document, string? tag, CancellationToken ct)
    {
        IReadOnlyList<Digest> missing = await MissingAsync(repository, document, ct);
        if (missing.Count > 0)
        {
            return missing;
        }

        await client.PutAsync(
            BucketKeys.Manifest(repository, manifest.Digest),
            [.. Encoding.ASCII.GetBytes(manifest.MediaType), (byte)'\n', .. manifest.Bytes.Span], ct);
        if (document.Subject is { } subject)
        {
            await client.PutAsync(BucketKeys.Referrer(repository, subject, manifest.Digest), document.Referrer!, ct);
        }

        if (tag is not null)
        {
            await client.PutAsync(BucketKeys.Tag(repository, tag), Encoding.ASCII.GetBytes(manifest.Digest.ToString()), ct);
        }

        return missing;
    }

    public async ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct)
    {
        if (await TryReadAsync(repository, digest, ct) is not { } manifest)
        {
            return false;
        }

        foreach (string tag in await TagsAsync(repository, ct) ?? [])
        {
            if (await TryResolveAsync(repository, tag, ct) == digest)
            {
                await client.DeleteAsync(BucketKeys.Tag(repository, tag), ct);
            }
        }

        if (SubjectOf(manifest) is { } subject)
        {
            await client.DeleteAsync(BucketKeys.Referrer(repository, subject, digest), ct);
        }

        await client.DeleteAsync(BucketKeys.Manifest(repository, digest), ct);
        return true;
    }

    public async ValueTask<bool> TryRemoveTagAsync(Repository repository, string tag, CancellationToken ct)
    {
        bool wasThere = await client.HasAsync(BucketKeys.Tag(repository, tag), ct);
        await client.DeleteAsync(BucketKeys.Tag(repository, tag), ct);
        return wasThere;
    }

    public async ValueTask<IReadOnlyList<string>?> TagsAsync(Repository repository, CancellationToken ct)
    {
        List<string> tags = [];
        await foreach (BucketObject each in files.ListAsync(BucketKeys.Tags(repository), "", ct))
        {
            tags.Add(each.Key[BucketKeys.Tags(repository).Length..]);
        }

        return tags.Count > 0 || await IsThereAsync(repository, ct) ? tags : null;
    }

    public async ValueTask<IEnumerable<string>> RepositoriesAsync(CancellationToken ct)
    {
        List<string> names = [];
        foreach (string folder in await files.FoldersAsync(BucketKeys.Repositories, ct))
        {
            if (Repository.OfFolder(folder) is { } repository && await HasManifestsAsync(repository, ct))
            {
                names.Add(repository.Name);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public async IAsyncEnumerable<Referrer> ReferrersAsync(
        Repository repository, Digest subject, string after, [EnumeratorCancellation] CancellationToken ct)
    {
        string below = BucketKeys.Referrers(repository, subject);
        await foreach (BucketObject each in files.ListAsync(below, after.Length == 0 ? "" : below + after, ct))
        {
            if (await client.GetAsync(each.Key, MaxObject, ct) is { } descriptor)
            {
                yield return new(each.Key[below.Length..], descriptor);
            }
        }
    }

    /// <summary>Digests of all manifests of a repository.</summary>
    public async IAsyncEnumerable<Digest> ListAsync(Repository repository, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (BucketObject each in files.ListAsync(BucketKeys.Manifests(repository), "", ct))
        {
            if (BucketKeys.TryDigest(each.Key, out Digest digest))
            {
                yield return digest;
            }
        }
    }

    private static Digest? SubjectOf(StoredManifest manifest)
    {
        try
        {
            return PushedDocument.Parse(manifest).Subject;
        }
        catch (TareException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<Digest>> MissingAsync(Repository repository, PushedDocument document, CancellationToken ct)
    {
        bool[] isHere = new bool[document.Children.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, isHere.Length), new ParallelOptions { MaxDegreeOfParallelism = ChildrenAtOnce, CancellationToken = ct },
            async (index, stop) => isHere[index] = await HasChildAsync(repository, document.Children[index], stop));
        return [.. document.Children.Where((_, index) => !isHere[index]).Select(static child => child.Digest)];
    }

    private async Task<bool> HasChildAsync(Repository repository, Descriptor child, CancellationToken ct) =>
        (child.Kind is not (ContentKind.Index or ContentKind.Manifest) && await blobs.TrySizeAsync(repository, child.Digest, ct) is not null)
        || await client.HasAsync(BucketKeys.Manifest(repository, child.Digest), ct);

    private async Task<bool> HasManifestsAsync(Repository repository, CancellationToken ct)
    {
        await foreach (Digest digest in ListAsync(repository, ct))
        {
            return true;
        }

        return false;
    }

    private async Task<bool> IsThereAsync(Repository repository, CancellationToken ct)
    {
        await foreach (BucketObject each in files.ListAsync(repository.Folder + "/", "", ct))
        {
            return true;
        }

        return false;
    }
}
