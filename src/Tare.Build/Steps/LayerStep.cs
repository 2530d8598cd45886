// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Solve;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Steps;

/// <summary>A layer made by writing into a root file system from outside.</summary>
internal static class LayerStep
{
    /// <param name="context">what steps are run with</param>
    /// <param name="root">what is changed</param>
    /// <param name="change">makes the changes; false: there are none</param>
    /// <param name="ct">stops the packing</param>
    /// <returns>the layer; null when there is none</returns>
    public static StoredLayer? Run(SolveContext context, VertexResult.Layered root, Func<Root, bool> change, CancellationToken ct)
    {
        DateTimeOffset began = DateTimeOffset.FromUnixTimeSeconds(Now());
        using var folder = StepFolder.Make(context.Store);
        using (Root tree = folder.Prepare(root.Layers))
        {
            if (!change(tree))
            {
                return null;
            }
        }

        return Publish(context, folder.Folder, root, began, ct);
    }

    /// <summary>Takes what was written into the store.</summary>
    /// <param name="context">what steps are run with</param>
    /// <param name="folder">holds the writable directory, mounted no more</param>
    /// <param name="root">what was changed</param>
    /// <param name="began">when, by the system's clock</param>
    /// <param name="ct">stops the packing</param>
    public static StoredLayer Publish(
        SolveContext context, Fd folder, VertexResult.Layered root, DateTimeOffset began, CancellationToken ct)
    {
        using (Fd upper = folder.Open("upper"u8, OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            new LayerTimes(began, context.Time.FileTime, context.Time.IsGiven).Settle(upper);
        }

        return BuiltLayers.Publish(context.Cache, folder, root.Layers, ct);
    }

    /// <summary>The clock that files get their times from, in seconds.</summary>
    public static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
