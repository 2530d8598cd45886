// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images;

/// <summary>One layer of an image: where its bytes are, and what they must unpack to.</summary>
/// <param name="Index">0 is the bottom</param>
/// <param name="Descriptor">the stored (usually compressed) form</param>
/// <param name="DiffId">the digest of the tar inside</param>
/// <param name="Chain">the name of this layer on top of those below it</param>
internal sealed record ImageLayer(int Index, Descriptor Descriptor, DiffId DiffId, ChainId Chain)
{
    /// <summary>What is around the tar, as the media type says.</summary>
    public Compression Compression =>
        MediaType.TryGetLayer(Descriptor.MediaType, out LayerFormat format) ? format.Compression : Compression.None;

    /// <summary>How messages name it: by what stands in the manifest.</summary>
    public override string ToString() => $"layer {Descriptor.Digest}";
}
