// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images;

/// <summary>One image on its way into a sink. Disposing it without <see cref="CommitAsync"/> leaves nothing behind.</summary>
internal interface IImageWriter : IDisposable
{
    /// <summary>True when the layer need not be written. Asked for bottom first.</summary>
    Task<bool> HasLayerAsync(ImageLayer layer, CancellationToken ct);

    /// <summary>Takes the stored bytes of a layer.</summary>
    /// <remarks>Begun bottom first; with <see cref="CopyLimits.LayersAtOnce"/> above one the next may begin before this one
    /// is done, and <see cref="HasLayerAsync"/> be asked for it. Ends before the writer is disposed.</remarks>
    Task WriteLayerAsync(ImageLayer layer, Stream bytes, CancellationToken ct);

    /// <summary>Stores config and manifest and keeps the layers.</summary>
    Task CommitAsync(CancellationToken ct);
}
