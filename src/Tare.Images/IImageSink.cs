// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images;

/// <summary>Where images go to: the local store, an archive, a layout, a registry.</summary>
/// <remarks>
/// Fed by <see cref="Copy"/>, children before parents. One root at a time: everything written between two calls of
/// <see cref="TagAsync"/> belongs to the root of the second. The streams given verify themselves: reading one to its
/// end throws when the bytes are not what their descriptor says, so a sink commits only after the end.
/// </remarks>
internal interface IImageSink : IDisposable
{
    /// <summary>Opens a place for one image; the caller disposes it.</summary>
    Task<IImageWriter> BeginAsync(Image image, CancellationToken ct);

    /// <summary>True when the sink holds this content, which is of no image (an index, an attestation).</summary>
    Task<bool> HasAsync(Descriptor content, CancellationToken ct);

    /// <summary>Stores such content.</summary>
    Task WriteAsync(Descriptor content, Stream bytes, CancellationToken ct);

    /// <summary>Makes the root and its names visible; with a store, durable. The last call for a root.</summary>
    Task TagAsync(Descriptor root, IReadOnlyList<Reference> names, CancellationToken ct);
}
