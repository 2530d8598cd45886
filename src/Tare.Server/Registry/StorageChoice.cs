// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Server.Registry.Storage;
using Tare.Server.Registry.Storage.Buckets;
using Tare.Server.Registry.Storage.Store;
using Tare.Server.Registry.Storage.Upstream;

namespace Tare.Server.Registry;

/// <summary>Which storage the options mean.</summary>
internal static class StorageChoice
{
    public static IRegistryStorage Open(RegistryOptions options, TimeProvider time, Action<string> warn)
    {
        IRegistryStorage kept = options.Store is { } store
            ? new StoreStorage(store, time, options.Grace, warn)
            : options.Bucket is { } bucket ? new BucketStorage(bucket, time, options.Grace)
            : new FolderStorage(options.Storage, time, options.Grace);
        return options.Upstream is { } upstream ? new UpstreamStorage(kept, upstream, kept.Uploads.Spool, warn, time) : kept;
    }

    /// <summary>Tells a storage that has to know where the server listens.</summary>
    public static void Listen(IRegistryStorage storage, IPEndPoint address) => (storage as StoreStorage)?.Listen(address);
}
