// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>The partial blobs of one pull: begun by the store's side, whose first bytes the source's side then takes.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class Partials(ImageStore store)
{
    private readonly Dictionary<Digest, PartialBlob> _begun = [];

    /// <summary>Null when it is too small for it, or another process fetches it.</summary>
    public PartialBlob? TryBegin(Descriptor content)
    {
        if (content.Size < PartialBlob.MinBytes
            || PartialBlob.TryBegin(store.Folder, store.Blobs, content.Digest, store.Now) is not { } partial)
        {
            return null;
        }
        lock (_begun)
        {
            _begun[content.Digest] = partial;
        }
        return partial;
    }

    /// <summary>The first bytes of what was begun before it is written, at most once; the caller disposes. Null: there are none.</summary>
    public Fd? TakeBefore(Descriptor content)
    {
        lock (_begun)
        {
            return _begun.Remove(content.Digest, out PartialBlob? partial) && partial.Before is { } before && before.Status().Size <= content.Size
                ? before.Duplicate()
                : null;
        }
    }
}
