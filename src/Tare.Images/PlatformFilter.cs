// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images;

/// <summary>Which images of an index are wanted.</summary>
/// <param name="Only">the platform they must run on, or null for every image that the source has</param>
internal sealed record PlatformFilter(Platform? Only)
{
    /// <summary>Takes everything.</summary>
    public static PlatformFilter All { get; } = new((Platform?)null);

    /// <summary>The entries to copy, in the order to try them; with <see cref="Only"/> the first that is an image is enough.</summary>
    public IReadOnlyList<Descriptor> Choose(ImageIndex index) => Only is null ? index.Manifests : index.For(Only);
}
