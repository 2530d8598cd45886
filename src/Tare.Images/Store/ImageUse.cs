// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>A container that needs an image; the engine knows them, the store does not.</summary>
/// <param name="Manifest">the image's manifest, as <see cref="StoredImage.Manifest"/> named it</param>
/// <param name="Container">the container's ID</param>
/// <param name="IsRunning">a running container's image is not removed even by force</param>
internal sealed record ImageUse(Digest Manifest, string Container, bool IsRunning)
{
    /// <summary>As messages show it.</summary>
    public string ShortContainer => Container[..Math.Min(12, Container.Length)];
}
