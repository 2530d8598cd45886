// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>Where a registry keeps what is pushed: a folder, the engine's store, a bucket.</summary>
/// <remarks>All of it may be used by several threads at once. What ended without an exception is on stable storage.</remarks>
internal interface IRegistryStorage : IAsyncDisposable
{
    IBlobs Blobs { get; }

    IManifests Manifests { get; }

    /// <summary>Blobs on their way.</summary>
    Uploads Uploads { get; }

    /// <summary>Why clients may not push to a repository; null when they may.</summary>
    string? RefusesPush(Repository repository);

    /// <summary>Removes what nothing refers to.</summary>
    /// <param name="warn">is told of what is left alone and why</param>
    /// <param name="cancellation">looked at between repositories</param>
    Task<Collected> CollectAsync(Action<string> warn, CancellationToken cancellation);
}

/// <summary>Which blobs a repository has: those that were pushed or mounted to it, and no others.</summary>
internal interface IBlobs
{
    /// <summary>Opens a blob; null when this repository has none of that digest. The caller disposes.</summary>
    ValueTask<IBlobContent?> TryOpenAsync(Repository repository, Digest digest, CancellationToken ct);

    /// <summary>Shows a blob of one repository in another; false when <paramref name="from"/> does not have it.</summary>
    ValueTask<bool> TryMountAsync(Repository from, Repository to, Digest digest, CancellationToken ct);

    /// <summary>Shows verified and durable content.</summary>
    /// <param name="repository">where to show it</param>
    /// <param name="digest">of the content</param>
    /// <param name="file">lent; has a name of its own or none</param>
    /// <param name="ct">nothing is shown when it is cancelled in time</param>
    ValueTask AddAsync(Repository repository, Digest digest, Fd file, CancellationToken ct);

    /// <summary>False when the repository had none of that digest.</summary>
    ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct);
}

/// <summary>An open blob; for one reader.</summary>
internal interface IBlobContent : IDisposable
{
    /// <summary>bytes of the whole</summary>
    long Size { get; }

    /// <summary>Fills a buffer from a place on, which moves on with each call; 0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken ct);
}

/// <summary>The manifests, tags and referrers of repositories.</summary>
internal interface IManifests
{
    /// <summary>Null when the repository has none of that digest.</summary>
    ValueTask<StoredManifest?> TryReadAsync(Repository repository, Digest digest, CancellationToken ct);

    /// <summary>What a tag names; null when there is no such tag.</summary>
    ValueTask<Digest?> TryResolveAsync(Repository repository, string tag, CancellationToken ct);

    /// <summary>Stores a manifest whose bytes hash to its digest; the tag, if any, comes last.</summary>
    /// <returns>children that the repository does not have; when there are any, nothing is stored</returns>
    ValueTask<IReadOnlyList<Digest>> PutAsync(
        Repository repository, StoredManifest manifest, PushedDocument document, string? tag, CancellationToken ct);

    /// <summary>Removes a manifest, what names it and its entry as a referrer; false when it was not there.</summary>
    ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct);

    /// <summary>False when there was no such tag.</summary>
    ValueTask<bool> TryRemoveTagAsync(Repository repository, string tag, CancellationToken ct);

    /// <summary>In no order; null when there is no such repository.</summary>
    ValueTask<IReadOnlyList<string>?> TagsAsync(Repository repository, CancellationToken ct);

    /// <summary>The names of all repositories that show a manifest, sorted by their bytes.</summary>
    ValueTask<IEnumerable<string>> RepositoriesAsync(CancellationToken ct);

    /// <summary>What refers to a manifest and comes after a name of that list, sorted by name.</summary>
    IAsyncEnumerable<Referrer> ReferrersAsync(Repository repository, Digest subject, string after, CancellationToken ct);
}

/// <summary>A manifest that refers to another one.</summary>
/// <param name="Name">its place in the list</param>
/// <param name="Descriptor">JSON</param>
internal sealed record Referrer(string Name, byte[] Descriptor);
