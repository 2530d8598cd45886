// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Build.Export;

/// <summary><c>--squash</c>: what was built on top of the base image becomes one layer.</summary>
internal static class Squash
{
    /// <summary>The vertex that the result's file system begins with; null when that is no image.</summary>
    public static ImageOperation? BaseOf(Vertex? root)
    {
        Vertex? at = root;
        while (at is { Operation: not ImageOperation, Inputs.Count: > 0 })
        {
            at = at.Inputs[0];
        }

        return at?.Operation as ImageOperation;
    }

    /// <summary>The image with one layer above the base's; its history tells of it as docker's does.</summary>
    /// <param name="cache">keeps the layer</param>
    /// <param name="store">has the layers</param>
    /// <param name="image">what was built</param>
    /// <param name="below">the image that it began with, or null</param>
    /// <param name="ct">stops it</param>
    public static ImageAssembly Run(BuildCache cache, ImageStore store, ImageAssembly image, StoredImage? below, CancellationToken ct)
    {
        int kept = below?.Layers.Count ?? 0;
        if (image.Layers.Count - kept < 2)
        {
            return image;
        }

        IReadOnlyList<StoredLayer> bottom = [.. image.Layers.Take(kept)];
        StoredLayer merged = Squashing.Run(cache, store, bottom, [.. image.Layers.Skip(kept)], ct);
        IReadOnlyList<StoredLayer> layers = [.. bottom, merged];
        int inherited = below?.Config.History.Count ?? 0;
        string from = Digest.Of(image.Config.ToBytes()).ToString();
        return new ImageAssembly(
            image.Config with
            {
                RootFs = new RootFs { DiffIds = [.. layers.Select(static layer => layer.DiffId)] },
                History =
                [
                    .. image.Config.History.Take(inherited),
                    .. image.Config.History.Skip(inherited).Select(static step => step with { EmptyLayer = true }),
                    new History { Created = image.Config.Created, Comment = $"merge {from} to {below?.Id.ToString() ?? "scratch"}" },
                ],
            },
            layers)
        {
            Inherited = kept,
        };
    }
}
