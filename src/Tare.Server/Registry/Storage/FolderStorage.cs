// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>A folder of this machine as the place where a registry keeps things.</summary>
internal sealed class FolderStorage : IRegistryStorage
{
    private readonly StorageFolder _folder;
    private readonly Collector _collector;
    private readonly TimeProvider _time;

    /// <param name="path">of the folder, made when missing</param>
    /// <param name="time">for the ages of things</param>
    /// <param name="grace">for how long a blob is kept that nothing refers to</param>
    /// <param name="keep">takes finished uploads; null: they stay here</param>
    public FolderStorage(
        string path, TimeProvider time, TimeSpan grace, Func<Repository, Digest, Fd, CancellationToken, ValueTask>? keep = null)
    {
        _time = time;
        _folder = StorageFolder.Open(path);
        Links = new(_folder, time, grace);
        Shelf = new(_folder, Links);
        Uploads = new(_folder, keep ?? Links.AddAsync);
        _collector = new(_folder, Links, Shelf, time);
    }

    public IBlobs Blobs => Links;

    public IManifests Manifests => Shelf;

    public Uploads Uploads { get; }

    public string? RefusesPush(Repository repository) => null;

    internal BlobLinks Links { get; }

    internal ManifestShelf Shelf { get; }

    public Task<Collected> CollectAsync(Action<string> warn, CancellationToken cancellation) =>
        Task.FromResult(_collector.Collect(warn, cancellation));

    /// <summary>Removes manifests that nobody asked for in a while; their blobs then go with the garbage.</summary>
    /// <param name="which">the repositories that this is for</param>
    /// <param name="keep">counts from the last <see cref="ManifestShelf.Touch"/></param>
    public void Expire(Func<Repository, bool> which, TimeSpan keep)
    {
        foreach (Repository repository in Shelf.Repositories().Where(which).ToList())
        {
            foreach (Digest digest in Shelf.List(repository).Where(d => Shelf.IsOlder(repository, d, keep, _time)).ToList())
            {
                Shelf.TryRemove(repository, digest);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Uploads.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
