// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>Which blobs a repository has: those that were pushed or mounted to it, and no others.</summary>
/// <remarks>Safe to use from several threads and processes. Who is told that a blob is there can rely on it for
/// <paramref name="grace"/>, which the collector respects.</remarks>
internal sealed class BlobLinks(StorageFolder folder, TimeProvider time, TimeSpan grace) : IBlobs
{
    /// <summary>The folder that has one name for each content.</summary>
    public static string Contents(Oci.HashAlgorithm algorithm) => $"blobs/{Repository.Text(algorithm)}";

    /// <summary>Opens a blob; null when this repository has none of that digest. The caller disposes.</summary>
    public Fd? TryOpen(Repository repository, Digest digest)
    {
        Fd? file = folder.TryOpen($"{repository.Blobs(digest.Algorithm)}/{digest.Hex}");
        return file is null || IsYoung(file) ? file : Renew(repository, digest, file);
    }

    public ValueTask<IBlobContent?> TryOpenAsync(Repository repository, Digest digest, CancellationToken ct) =>
        ValueTask.FromResult<IBlobContent?>(TryOpen(repository, digest) is { } file ? new FileContent(file) : null);

    public ValueTask<bool> TryMountAsync(Repository from, Repository to, Digest digest, CancellationToken ct) =>
        ValueTask.FromResult(TryMount(from, to, digest));

    public ValueTask AddAsync(Repository repository, Digest digest, Fd file, CancellationToken ct)
    {
        Add(repository, digest, file);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct) =>
        ValueTask.FromResult(TryRemove(repository, digest));

    public bool Has(Repository repository, Digest digest) =>
        folder.Has($"{repository.Blobs(digest.Algorithm)}/{digest.Hex}");

    /// <summary>Shows a blob of one repository in another.</summary>
    /// <returns>false when <paramref name="from"/> does not have it</returns>
    public bool TryMount(Repository from, Repository to, Digest digest)
    {
        using Fd? file = TryOpen(from, digest);
        return file is not null && Link(to, digest, file);
    }

    /// <summary>Shows verified and durable content; the content is stored once, whoever brings it.</summary>
    /// <param name="repository">where to show it</param>
    /// <param name="digest">of the content</param>
    /// <param name="file">with a name of its own, which the caller removes</param>
    public void Add(Repository repository, Digest digest, Fd file)
    {
        folder.TryLink(file, Contents(digest.Algorithm), digest.Hex);
        using Fd? content = folder.TryOpen($"{Contents(digest.Algorithm)}/{digest.Hex}");
        if (content is not null && Link(repository, digest, content))
        {
            return;
        }

        // the collector took the old name a moment ago, or it has as many links as can be: a copy of its own then
        if (!folder.TryLink(file, repository.Blobs(digest.Algorithm), digest.Hex))
        {
            throw new TareException(ErrorKind.Conflict, $"blob {digest}: its upload was removed meanwhile");
        }
    }

    /// <summary>False when the repository had none of that digest.</summary>
    public bool TryRemove(Repository repository, Digest digest) =>
        folder.TryRemove(repository.Blobs(digest.Algorithm), digest.Hex);

    /// <summary>Removes a blob that others keep, and the name of its content: whoever needs that has a link.</summary>
    public void Drop(Repository repository, Digest digest)
    {
        TryRemove(repository, digest);
        folder.TryRemove(Contents(digest.Algorithm), digest.Hex);
    }

    /// <summary>True when the collector would take it if nothing refers to it.</summary>
    public bool IsOld(Fd file) => file.Status().ModifyTime.Seconds < Now - (long)grace.TotalSeconds;

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private bool IsYoung(Fd file) => file.Status().ModifyTime.Seconds >= Now - (long)(grace.TotalSeconds / 2);

    private bool Link(Repository repository, Digest digest, Fd content)
    {
        // under the lock, so that the collector cannot take a link that it looked at before it was renewed
        using FileLock adding = repository.Lock(folder, shared: true);
        content.SetTimes(FileTime.Keep, FileTime.Now);
        return folder.TryLink(content, repository.Blobs(digest.Algorithm), digest.Hex);
    }

    private Fd? Renew(Repository repository, Digest digest, Fd file)
    {
        using FileLock adding = repository.Lock(folder, shared: true);
        file.SetTimes(FileTime.Keep, FileTime.Now);
        if (Has(repository, digest))
        {
            return file;
        }

        file.Dispose();
        return null;
    }
}
