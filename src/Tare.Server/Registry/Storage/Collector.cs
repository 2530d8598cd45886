// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>What a collection took.</summary>
/// <param name="Blobs">contents whose last name is gone</param>
/// <param name="Bytes">of these</param>
internal readonly record struct Collected(int Blobs, long Bytes);

/// <summary>Removes what nothing refers to while the servers go on.</summary>
/// <remarks>
/// A blob goes when no manifest of its repository names it and nobody was told within the grace that it is there. Which
/// ones these are is found without a lock; the lock is held only to look at what changed since, so that pushes to one
/// repository wait for milliseconds. Contents go when they have no other name: the kernel counts the links, so a
/// repository that links one at this very moment keeps the bytes, and the shared name alone is lost. Manifests are
/// never taken, tagged or not: only users know which they still pull by digest.
/// </remarks>
internal sealed class Collector(StorageFolder folder, BlobLinks blobs, ManifestShelf shelf, TimeProvider time)
{
    private static readonly TimeSpan UploadLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan UnfinishedLife = TimeSpan.FromHours(1);
    private static readonly Oci.HashAlgorithm[] Algorithms = [Oci.HashAlgorithm.Sha256, Oci.HashAlgorithm.Sha512];

    /// <summary>One pass over everything.</summary>
    /// <param name="warn">is told of repositories that are left alone because a manifest of theirs is damaged</param>
    /// <param name="cancellation">looked at between repositories</param>
    public Collected Collect(Action<string> warn, CancellationToken cancellation)
    {
        foreach (string name in folder.Names("repositories"))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Repository.OfFolder(name) is { } repository)
            {
                CollectLinks(repository, warn);
                RemoveUnfinished(repository);
            }
        }

        RemoveUploads();
        return RemoveContents(cancellation);
    }

    private void CollectLinks(Repository repository, Action<string> warn)
    {
        try
        {
            CollectLinks(repository);
        }
        catch (TareException e)
        {
            // what it names is unknown, so everything stays
            warn($"collection leaves repository {repository.Name} alone: {e.Message}");
        }
    }

    private void CollectLinks(Repository repository)
    {
        HashSet<Digest> candidates = OldLinks(repository);
        HashSet<Digest> seen = [];
        if (candidates.Count > 0)
        {
            KeepReferenced(repository, candidates, seen);
        }

        if (candidates.Count == 0)
        {
            return;
        }

        using FileLock alone = repository.Lock(folder, shared: false);
        KeepReferenced(repository, candidates, seen);
        foreach (Digest digest in candidates)
        {
            using Fd? file = folder.TryOpen($"{repository.Blobs(digest.Algorithm)}/{digest.Hex}", OpenFlags.Path);
            if (file is not null && blobs.IsOld(file))
            {
                folder.TryRemove(repository.Blobs(digest.Algorithm), digest.Hex);
            }
        }
    }

    private HashSet<Digest> OldLinks(Repository repository)
    {
        HashSet<Digest> old = [];
        foreach (Oci.HashAlgorithm algorithm in Algorithms)
        {
            foreach (string name in folder.Names(repository.Blobs(algorithm)))
            {
                using Fd? file = folder.TryOpen($"{repository.Blobs(algorithm)}/{name}", OpenFlags.Path);
                if (file is not null && blobs.IsOld(file) && Digest.TryParseHex(algorithm, name, out Digest digest))
                {
                    old.Add(digest);
                }
            }
        }

        return old;
    }

    /// <summary>Takes out of <paramref name="candidates"/> what manifests name that are not <paramref name="seen"/> yet.</summary>
    private void KeepReferenced(Repository repository, HashSet<Digest> candidates, HashSet<Digest> seen)
    {
        foreach (Digest digest in shelf.List(repository).Where(seen.Add))
        {
            if (shelf.TryRead(repository, digest) is { } manifest)
            {
                candidates.ExceptWith(PushedDocument.Parse(manifest).Children.Select(child => child.Digest));
            }
        }
    }

    private Collected RemoveContents(CancellationToken cancellation)
    {
        int count = 0;
        long bytes = 0;
        foreach (Oci.HashAlgorithm algorithm in Algorithms)
        {
            foreach (string name in folder.Names(BlobLinks.Contents(algorithm)))
            {
                cancellation.ThrowIfCancellationRequested();
                using Fd? file = folder.TryOpen($"{BlobLinks.Contents(algorithm)}/{name}", OpenFlags.Path);
                if (file?.Status() is { Links: 1 } status && blobs.IsOld(file)
                    && folder.TryRemove(BlobLinks.Contents(algorithm), name))
                {
                    count++;
                    bytes += status.Size;
                }
            }
        }

        return new(count, bytes);
    }

    private void RemoveUploads()
    {
        foreach (string name in folder.Names(Uploads.Folder))
        {
            using Fd? file = folder.TryOpen($"{Uploads.Folder}/{name}");
            using FileLock? writing = file is not null && IsOlder(file, UploadLife) ? FileLock.TryTake(file) : null;
            if (writing is not null && IsOlder(file!, UploadLife))
            {
                folder.TryRemove(Uploads.Folder, name);
            }
        }
    }

    /// <summary>Removes files that a killed process did not come to rename.</summary>
    private void RemoveUnfinished(Repository repository)
    {
        foreach (string path in (string[])[repository.Tags, .. Algorithms.Select(repository.Manifests)])
        {
            using Fd? directory = folder.TryOpenFolder(path);
            if (directory is null)
            {
                continue;
            }

            List<byte[]> unfinished = [];
            foreach (Entry entry in directory.Entries())
            {
                if (entry.Name.StartsWith(AtomicFile.TemporaryPrefix))
                {
                    unfinished.Add(entry.Name.ToArray());
                }
            }

            foreach (byte[] name in unfinished)
            {
                if (directory.TryStatus(name) is { } status && IsOlder(status, UnfinishedLife))
                {
                    directory.TryUnlink(name);
                }
            }
        }
    }

    private bool IsOlder(Fd file, TimeSpan age) => IsOlder(file.Status(), age);

    private bool IsOlder(FileStatus status, TimeSpan age) =>
        status.ModifyTime.Seconds < time.GetUtcNow().ToUnixTimeSeconds() - (long)age.TotalSeconds;
}
