// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Snapshots;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>The place where a step that copies files works: a snapshot in the store's scratch folder.</summary>
/// <remarks>Whatever is not published goes with Dispose, or, of a process that was killed, with the next sweep.</remarks>
internal sealed class StepFolder : IDisposable
{
    private static readonly byte[] Upper = "upper"u8.ToArray();

    private readonly ImageStore _store;
    private readonly Scratch _scratch;

    private StepFolder(ImageStore store, Scratch scratch)
    {
        _store = store;
        _scratch = scratch;
        Folder = scratch.MakeTree();
    }

    /// <summary>The folder itself, for whatever the step needs beside the snapshot. Lent.</summary>
    public Fd Folder { get; }

    public static StepFolder Make(ImageStore store) => new(store, Scratch.TakeNew(store.Folder, "step"));

    /// <summary>The layers with a writable one on top, as a directory of its own. The caller disposes it before
    /// <see cref="BuiltLayers.Publish"/>.</summary>
    public Root Prepare(IReadOnlyList<StoredLayer> layers) => Root.From(_store.Snapshots.Prepare(
        Folder, BuiltLayers.ImageOf(layers, new Platform("linux", "amd64")), new SnapshotOptions { IsVolatile = true }));

    /// <summary>The layers alone, read-only. The caller disposes.</summary>
    public static Root View(ImageStore store, IReadOnlyList<StoredLayer> layers) =>
        Root.From(store.Snapshots.View(BuiltLayers.ImageOf(layers, new Platform("linux", "amd64"))));

    /// <summary>What was written, opened for reading. The caller disposes.</summary>
    public Root OpenUpper() => Root.From(Folder.Open(Upper, OpenFlags.ReadOnly | OpenFlags.Directory));

    public void Dispose()
    {
        Folder.Dispose();
        _scratch.Dispose();
    }
}
