// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>The manifests, tags and referrers of repositories.</summary>
/// <remarks>A manifest's file is its media type, a line feed, and the bytes as pushed. A tag's file is a digest. Safe to
/// use from several threads and processes: a push holds the repository's lock shared, a removal alone.</remarks>
internal sealed partial class ManifestShelf(StorageFolder folder, BlobLinks blobs)
{
    /// <summary>Bytes of a manifest; distribution-spec 1.1 #pushing-manifests asks for at least these.</summary>
    public const int MaxBytes = ImageManifest.MaxBytes;

    private const int MaxMediaTypeBytes = 256;
    private const int MaxFileBytes = MaxBytes + MaxMediaTypeBytes;
    private static readonly Oci.HashAlgorithm[] Algorithms = [Oci.HashAlgorithm.Sha256, Oci.HashAlgorithm.Sha512];

    /// <summary>Null when the repository has none of that digest.</summary>
    public StoredManifest? TryRead(Repository repository, Digest digest)
    {
        byte[]? file = folder.TryRead($"{repository.Manifests(digest.Algorithm)}/{digest.Hex}", MaxFileBytes);
        int end = file is null ? -1 : Array.IndexOf(file, (byte)'\n');
        return end < 0 ? null : new StoredManifest(digest, Encoding.ASCII.GetString(file!, 0, end), file.AsMemory(end + 1));
    }

    /// <summary>Notes that somebody wants a manifest, once a day.</summary>
    public void Touch(Repository repository, Digest digest, TimeProvider time)
    {
        if (IsOlder(repository, digest, TimeSpan.FromDays(1), time))
        {
            using Fd? file = folder.TryOpen($"{repository.Manifests(digest.Algorithm)}/{digest.Hex}");
            file?.SetTimes(FileTime.Keep, FileTime.Now);
        }
    }

    /// <summary>True when nobody touched or stored it for so long.</summary>
    public bool IsOlder(Repository repository, Digest digest, TimeSpan age, TimeProvider time)
    {
        using Fd? file = folder.TryOpen($"{repository.Manifests(digest.Algorithm)}/{digest.Hex}", OpenFlags.Path);
        return file?.Status().ModifyTime.Seconds < (time.GetUtcNow() - age).ToUnixTimeSeconds();
    }

    /// <summary>What a tag names; null when there is no such tag.</summary>
    public Digest? TryResolve(Repository repository, string tag)
    {
        byte[]? text = folder.TryRead($"{repository.Tags}/{tag}", Digest.MaxTextLength);
        return text is not null && Digest.TryParse(Encoding.ASCII.GetString(text), out Digest digest) ? digest : null;
    }

    public bool Has(Repository repository, Digest digest) =>
        folder.Has($"{repository.Manifests(digest.Algorithm)}/{digest.Hex}");

    /// <summary>Stores a manifest whose bytes hash to its digest; the tag, if any, comes last.</summary>
    /// <returns>children that the repository does not have; when there are any, nothing is stored</returns>
    public IReadOnlyList<Digest> Put(Repository repository, StoredManifest manifest, PushedDocument document, string? tag)
    {
        using FileLock adding = repository.Lock(folder, shared: true);
        List<Digest> missing = [.. document.Children.Where(child => !HasChild(repository, child)).Select(c => c.Digest)];
        if (missing.Count > 0)
        {
            return missing;
        }

        byte[] file = [.. Encoding.ASCII.GetBytes(manifest.MediaType), (byte)'\n', .. manifest.Bytes.Span];
        folder.Write(repository.Manifests(manifest.Digest.Algorithm), manifest.Digest.Hex, file);
        if (document.Subject is { } subject)
        {
            folder.Write(repository.Referrers(subject), ReferrerName(manifest.Digest), document.Referrer!);
        }

        if (tag is not null)
        {
            folder.Write(repository.Tags, tag, Encoding.ASCII.GetBytes(manifest.Digest.ToString()));
        }

        return missing;
    }

    /// <summary>Removes a manifest, what names it and its entry as a referrer; false when it was not there.</summary>
    public bool TryRemove(Repository repository, Digest digest)
    {
        if (!Has(repository, digest))
        {
            return false;
        }

        using FileLock alone = repository.Lock(folder, shared: false);
        StoredManifest? manifest = TryRead(repository, digest);
        if (manifest is null)
        {
            return false;
        }

        foreach (string tag in folder.Names(repository.Tags).Where(tag => TryResolve(repository, tag) == digest))
        {
            folder.TryRemove(repository.Tags, tag);
        }

        if (SubjectOf(manifest) is { } subject)
        {
            folder.TryRemove(repository.Referrers(subject), ReferrerName(digest));
        }

        return folder.TryRemove(repository.Manifests(digest.Algorithm), digest.Hex);
    }

    /// <summary>False when there was no such tag.</summary>
    public bool TryRemoveTag(Repository repository, string tag)
    {
        if (!folder.Has(repository.Folder))
        {
            return false;
        }

        using FileLock alone = repository.Lock(folder, shared: false);
        return folder.TryRemove(repository.Tags, tag);
    }

    /// <summary>In no order.</summary>
    public List<string> Tags(Repository repository) => folder.Names(repository.Tags);

    /// <summary>Digests of all manifests of a repository, in no order.</summary>
    public IEnumerable<Digest> List(Repository repository)
    {
        foreach (Oci.HashAlgorithm algorithm in Algorithms)
        {
            foreach (string name in folder.Names(repository.Manifests(algorithm)))
            {
                if (Digest.TryParseHex(algorithm, name, out Digest digest))
                {
                    yield return digest;
                }
            }
        }
    }

    /// <summary>All repositories that show a manifest, by name.</summary>
    public IEnumerable<Repository> Repositories() => folder.Names("repositories")
        .Select(Repository.OfFolder)
        .OfType<Repository>()
        .OrderBy(repository => repository.Name, StringComparer.Ordinal)
        .Where(repository => List(repository).Any());

    /// <summary>The names of what refers to a manifest, sorted: <c>ALG-HEX</c>.</summary>
    public List<string> Referrers(Repository repository, Digest subject)
    {
        List<string> names = folder.Names(repository.Referrers(subject));
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The descriptor of what refers, as JSON; null when it was removed meanwhile.</summary>
    public byte[]? TryReadReferrer(Repository repository, Digest subject, string name) =>
        folder.TryRead($"{repository.Referrers(subject)}/{name}", MaxFileBytes);

    /// <summary>Null also for a manifest that the disk damaged: it must be possible to remove it.</summary>
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

    private static string ReferrerName(Digest digest) => $"{Repository.Text(digest.Algorithm)}-{digest.Hex}";

    private bool HasChild(Repository repository, Descriptor child) => child.Kind switch
    {
        ContentKind.Index or ContentKind.Manifest => Has(repository, child.Digest),
        _ => blobs.Has(repository, child.Digest) || Has(repository, child.Digest),
    };
}
