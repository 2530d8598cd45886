// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Layout;

/// <summary>Where things are in a layout.</summary>
/// <remarks>image-spec image-layout.md#content</remarks>
internal static class LayoutNames
{
    public static string OfBlob(Digest digest) =>
        $"blobs/{(digest.Algorithm == HashAlgorithm.Sha512 ? "sha512" : "sha256")}/{digest.Hex}";
}
