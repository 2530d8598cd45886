// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>What a descriptor of an image points to.</summary>
internal enum ContentKind
{
    /// <summary>Not part of an image: artifacts, attestations, signatures.</summary>
    Other,

    /// <summary>A list of manifests, usually one for each platform.</summary>
    Index,

    /// <summary>One image: config and layers.</summary>
    Manifest,

    /// <summary>An image's config.</summary>
    Config,

    /// <summary>A layer's tar, see <see cref="LayerFormat"/>.</summary>
    Layer,
}
