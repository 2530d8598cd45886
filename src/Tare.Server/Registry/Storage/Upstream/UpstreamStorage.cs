// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;

namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>A storage that is a cache of other registries, for some of its repositories or for all.</summary>
/// <remarks>What is asked for and not here is fetched, and given to the client while it comes. Only what was verified is kept.</remarks>
internal sealed class UpstreamStorage : IRegistryStorage
{
    private readonly IRegistryStorage _here;
    private readonly UpstreamOptions _options;
    private readonly UpstreamClients _clients;
    private readonly Fetches _fetches;

    /// <param name="here">where things are kept; owned</param>
    /// <param name="options">where they come from</param>
    /// <param name="spool">makes files without a name, on the file system of the storage if it has one</param>
    /// <param name="warn">is told what other registries refuse</param>
    /// <param name="time">for ages</param>
    public UpstreamStorage(IRegistryStorage here, UpstreamOptions options, Func<Fd> spool, Action<string> warn, TimeProvider time)
    {
        _here = here;
        _options = options;
        _clients = new(options, time);
        _fetches = new(spool, here.Blobs.AddAsync, warn);
        Blobs = new UpstreamBlobs(here.Blobs, _clients, _fetches);
        Manifests = new UpstreamManifests(
            here.Manifests, _clients, options, (repository, digest) => Folder?.Shelf.Touch(repository, digest, time), warn, time);
    }

    public IBlobs Blobs { get; }

    public IManifests Manifests { get; }

    public Uploads Uploads => _here.Uploads;

    /// <summary>Where things have ages of their own; buckets have rules for their lives.</summary>
    private FolderStorage? Folder => _here as FolderStorage;

    public string? RefusesPush(Repository repository) => _clients.Find(repository) is null
        ? _here.RefusesPush(repository)
        : "this repository is a cache of another registry: push there";

    public Task<Collected> CollectAsync(Action<string> warn, CancellationToken cancellation)
    {
        if (_options.Keep > TimeSpan.Zero)
        {
            Folder?.Expire(repository => _clients.Find(repository) is not null, _options.Keep);
        }

        return _here.CollectAsync(warn, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _fetches.DisposeAsync();
        _clients.Dispose();
        await _here.DisposeAsync();
    }
}
