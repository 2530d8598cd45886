// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>An image of the store, as one query gives it: nothing is parsed or hashed to get it.</summary>
/// <param name="Root">the manifest or index that names lead to</param>
/// <param name="Manifest">the manifest of this image; equals <paramref name="Root"/> unless that is an index</param>
/// <param name="Id">the digest of the config: the image ID that users see</param>
/// <param name="Platform">what it runs on</param>
/// <param name="Created">when it was made, as its config says, or null</param>
/// <param name="Size">bytes of all files in all layers</param>
/// <param name="ConfigBytes">the config document</param>
internal sealed record StoredImage(
    Digest Root, Descriptor Manifest, Digest Id, Platform Platform, DateTimeOffset? Created, long Size,
    ReadOnlyMemory<byte> ConfigBytes)
{
    /// <summary>The name by which it was found, or null when it was found by ID.</summary>
    public Reference? Name { get; init; }

    /// <summary>Bottom first.</summary>
    public IReadOnlyList<StoredLayer> Layers { get; init; } = [];

    /// <summary>The config, parsed at the first use.</summary>
    public ImageConfig Config => field ??= ImageConfig.Parse(ConfigBytes.Span);

    /// <summary>The first twelve hex digits of the ID.</summary>
    public string ShortId => Id.Hex[..12];
}
