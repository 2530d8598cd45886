// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>Blobs of a repository: on their way to an image, or of an image of the store.</summary>
internal sealed class StoreBlobs(BlobLinks side, StoreView view) : IBlobs
{
    public ValueTask<IBlobContent?> TryOpenAsync(Repository repository, Digest digest, CancellationToken ct) =>
        ValueTask.FromResult<IBlobContent?>(TryOpen(repository, digest) is { } file ? new FileContent(file) : null);

    public ValueTask<bool> TryMountAsync(Repository from, Repository to, Digest digest, CancellationToken ct)
    {
        using Fd? file = TryOpen(from, digest);
        if (file is not null)
        {
            side.Add(to, digest, file);
        }

        return ValueTask.FromResult(file is not null);
    }

    public ValueTask AddAsync(Repository repository, Digest digest, Fd file, CancellationToken ct) =>
        side.AddAsync(repository, digest, file, ct);

    /// <summary>Blobs of images go with their images.</summary>
    public ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct)
    {
        bool wasThere = side.TryRemove(repository, digest);
        return view.Has(repository, digest)
            ? throw new RegistryFailure(405, "UNSUPPORTED", "an image of this machine's engine needs this blob", digest.ToString())
            : ValueTask.FromResult(wasThere);
    }

    /// <summary>Gives the folder, by a second name, what only the store has.</summary>
    public bool TryBring(Repository repository, Digest digest)
    {
        if (side.Has(repository, digest))
        {
            return true;
        }

        using Fd? file = view.TryOpen(repository, digest);
        if (file is not null)
        {
            side.Add(repository, digest, file);
        }

        return file is not null;
    }

    private Fd? TryOpen(Repository repository, Digest digest) =>
        side.TryOpen(repository, digest) ?? view.TryOpen(repository, digest);
}
