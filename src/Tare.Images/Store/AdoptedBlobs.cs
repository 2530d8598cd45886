// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>Files of the store's file system that become blobs by a second name: no byte is copied.</summary>
/// <remarks>They are kept from the collector until Dispose; by then an image should hold them.</remarks>
internal sealed class AdoptedBlobs(ImageStore store) : IDisposable
{
    private const uint OwnerReads = 0b100_000_000;
    private readonly Lease _lease = Lease.Begin(store.Folder, store.Catalog);

    /// <summary>Names a file.</summary>
    /// <param name="digest">of its bytes, which were verified and are durable</param>
    /// <param name="file">lent; nobody may write to it any more</param>
    /// <returns>false when it is in another file system: its bytes have to be copied</returns>
    public bool TryAdd(Digest digest, Fd file)
    {
        _lease.Add(Lease.Item(digest));
        try
        {
            file.SetMode(OwnerReads);
            store.Blobs.Publish(file, digest);
            return true;
        }
        catch (LinuxException e) when (e.Errno is Errno.EXDEV or Errno.EMLINK)
        {
            return false;
        }
    }

    /// <summary>Makes the names durable.</summary>
    public void Sync(IEnumerable<Digest> added) => store.SyncBlobNames(added);

    public void Dispose() => _lease.Dispose();
}
