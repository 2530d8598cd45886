// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Mounts;

namespace Tare.Images.Snapshots;

/// <summary>Layers merged into one read-only tree.</summary>
internal static class LayerView
{
    /// <summary>A detached read-only mount of the layers; the caller owns it.</summary>
    /// <param name="layers">topmost first; may be none</param>
    /// <param name="empty">an empty directory: a single layer is merged with it, or its whiteouts would show</param>
    public static Fd Mount(IReadOnlyList<Fd> layers, Fd empty) => OverlayMount.Create(
        layers.Count switch
        {
            0 => [empty],
            1 => [layers[0], empty],
            _ => layers,
        },
        upper: null,
        work: null,
        new OverlayOptions { Attributes = MountAttributes.ReadOnly });
}
