// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;

namespace Tare.Images.Store;

/// <summary>A layer that is written and not yet published.</summary>
/// <param name="layer">which</param>
/// <param name="claim">the lock and the scratch folder of its tree, or null when the tree is stored already. Owned</param>
/// <param name="blob">the nameless file of its bytes, or null when these are stored already or partial. Owned</param>
/// <param name="partial">its bytes when they outlive the process, or null. Owned</param>
internal sealed class PendingLayer(ImageLayer layer, Scratch? claim, Fd? blob, PartialBlob? partial) : IDisposable
{
    public ImageLayer Layer => layer;

    public Scratch? Claim => claim;

    public PartialBlob? Partial => partial;

    public Fd? Blob => partial?.Blob ?? blob;

    /// <summary>Ends when the layer is written, fails when that failed: others above wait for its files.</summary>
    public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Bytes of the files in the tree.</summary>
    public long Size { get; set; }

    public void Dispose()
    {
        blob?.Dispose();
        partial?.Dispose();
        claim?.Dispose();
    }
}
