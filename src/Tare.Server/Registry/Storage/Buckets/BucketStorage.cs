// SPDX-License-Identifier: Apache-2.0

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>A bucket that speaks S3 as the place where a registry keeps things.</summary>
/// <remarks>A blob is in a folder of this machine until it is whole and verified, and then goes to the bucket in parts: nothing
/// unverified is ever there, and an upload goes on after a restart.</remarks>
internal sealed class BucketStorage : IRegistryStorage
{
    private readonly BucketClient _client;
    private readonly BucketTouches _touches = new();
    private readonly BucketCollector _collector;
    private readonly FolderStorage _spool;

    public BucketStorage(BucketOptions options, TimeProvider time, TimeSpan grace)
    {
        _client = new(options, time);
        BucketFiles files = new(_client, options.Prefix);
        BucketBlobs blobs = new(_client, files, _touches, time, grace);
        BucketManifests manifests = new(_client, files, blobs);
        _spool = new(options.Spool, time, grace, blobs.AddAsync);
        _collector = new(_client, files, manifests, _touches, time, grace);
        Blobs = blobs;
        Manifests = manifests;
    }

    public IBlobs Blobs { get; }

    public IManifests Manifests { get; }

    public Uploads Uploads => _spool.Uploads;

    public string? RefusesPush(Repository repository) => null;

    public async Task<Collected> CollectAsync(Action<string> warn, CancellationToken cancellation)
    {
        await _spool.CollectAsync(warn, cancellation);
        return await _collector.CollectAsync(warn, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _spool.DisposeAsync();
        _client.Dispose();
        _touches.Dispose();
    }
}
