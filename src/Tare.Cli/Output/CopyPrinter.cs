// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Images.Remote;

namespace Tare.Cli.Output;

/// <summary>Tells how a copy comes along.</summary>
internal sealed class CopyPrinter(Progress progress)
{
    /// <summary>A layer is further than before.</summary>
    public void Tell(ImageLayer layer, LayerStage stage)
    {
        if (stage != LayerStage.Downloaded)
        {
            progress.Set(PullPrinter.IdOf(layer), Words(stage));
        }
    }

    /// <summary>Bytes of a layer that came so far.</summary>
    public void Move(ImageLayer layer, long bytes) =>
        progress.Move(PullPrinter.IdOf(layer), "Copying", bytes, layer.Descriptor.Size);

    private static string Words(LayerStage stage) => stage switch
    {
        LayerStage.AlreadyExists => "Already exists",
        LayerStage.Pulling => "Copying",
        _ => "Copied",
    };
}
