// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tare.Server.Registry.Storage.Store;

/// <summary>The engine's own images as a registry, beside a folder for what is no image of the store.</summary>
/// <remarks>
/// The folder is a whole registry: it holds blobs until a tagged manifest makes an image of them, manifests without a tag, and
/// artifacts. An image that gets a tag moves to the store, its blobs by a second name for the same file, its layers unpacked:
/// when the push is answered it can be run. Nothing is copied in either direction.
/// </remarks>
internal sealed class StoreStorage : IRegistryStorage
{
    private readonly FolderStorage _side;
    private readonly OpenStores _stores;
    private readonly StoreNames _names;
    private readonly StoreIntake _intake;

    public StoreStorage(StoreOptions options, TimeProvider time, TimeSpan grace, Action<string> warn)
    {
        _side = new(options.Folder, time, grace);
        _stores = new(options.Open);
        _names = new(options.Name);
        StoreView view = new(_stores, _names);
        StoreBlobs blobs = new(_side.Links, view);
        Blobs = blobs;
        _intake = new(_stores, _side, warn);
        Manifests = new StoreManifests(_side, view, blobs, _intake, options.Uses);
    }

    public IBlobs Blobs { get; }

    public IManifests Manifests { get; }

    public Uploads Uploads => _side.Uploads;

    public string? RefusesPush(Repository repository) => null;

    /// <summary>Tells where the server listens: pushed images are named after it.</summary>
    public void Listen(IPEndPoint address) => _names.Listen(address);

    /// <summary>Of the folder; the store is collected when images are removed.</summary>
    public Task<Collected> CollectAsync(Action<string> warn, CancellationToken cancellation) =>
        _side.CollectAsync(warn, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _side.DisposeAsync();
        _intake.Dispose();
        _stores.Dispose();
    }
}
