// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Building;

/// <summary>Makes one layer of several.</summary>
internal static class Squashing
{
    /// <summary>The topmost layers as one that has the same effect.</summary>
    /// <param name="cache">told; keeps it</param>
    /// <param name="store">has all of them</param>
    /// <param name="below">what stays as it is; bottom first</param>
    /// <param name="above">what becomes one; bottom first</param>
    /// <param name="ct">stops it</param>
    public static StoredLayer Run(
        BuildCache cache, ImageStore store, IReadOnlyList<StoredLayer> below, IReadOnlyList<StoredLayer> above, CancellationToken ct)
    {
        using var folder = StepFolder.Make(store);
        using (Root root = folder.Prepare(below))
        {
            using Fd target = root.Fd.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
            foreach (StoredLayer layer in above)
            {
                using Fd opened = store.Layers.Open(layer.Chain);
                using Fd tree = opened.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
                LayerReplay.Run(tree, target, ct);
            }
        }

        return BuiltLayers.Publish(cache, folder.Folder, below, ct);
    }
}
