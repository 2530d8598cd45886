// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images;

/// <summary>Where images come from: an archive, a layout, the local store, a registry.</summary>
/// <remarks>Nothing that a source says or gives is trusted: <see cref="Copy"/> checks sizes and digests.</remarks>
internal interface IImageSource : IDisposable
{
    /// <summary>What the source holds, in its own order. A registry cannot tell and answers none.</summary>
    Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct);

    /// <summary>The root that the name stands for, or null when it stands for nothing here.</summary>
    Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct);

    /// <summary>The stored bytes of a descriptor, or null when the source does not have them. The caller disposes.</summary>
    /// <remarks>Several may be open at once.</remarks>
    Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct);
}
