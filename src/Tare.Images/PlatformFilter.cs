// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images;

/// <summary>Which images of an index are wanted, and what becomes of the index.</summary>
/// <param name="Only">the platform they must run on, or null for every image that the source has</param>
internal sealed record PlatformFilter(Platform? Only)
{
    /// <summary>Takes everything that is there.</summary>
    public static PlatformFilter All { get; } = new((Platform?)null);

    /// <summary>Takes everything, and an index of which something is missing not at all.</summary>
    public static PlatformFilter Whole { get; } = new((Platform?)null) { IsWhole = true };

    /// <summary>True when everything that an index names must be there.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>True when of an index the one image is taken in its place: for places that want whole indexes or none.</summary>
    public bool TakesImageAlone { get; init; }

    /// <summary>The entries to copy, in the order to try them; with <see cref="Only"/> the first that is an image is enough.</summary>
    public IReadOnlyList<Descriptor> Choose(ImageIndex index) => Only is null ? index.Manifests : index.For(Only);

    /// <summary>What gets the names in the end.</summary>
    /// <param name="offered">what the source has under the name</param>
    /// <param name="images">that were copied</param>
    public Descriptor RootOf(Descriptor offered, IReadOnlyList<Image> images) =>
        TakesImageAlone && offered.Kind == ContentKind.Index && images.Count > 0
            ? new Descriptor(images[0].Descriptor.MediaType, images[0].Descriptor.Digest, images[0].Descriptor.Size)
            : offered;
}
