// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Images.Remote;

namespace Tare.Cli.Output;

/// <summary>Tells in docker's words how a push comes along.</summary>
internal sealed class PushPrinter(Progress progress)
{
    private const int ShortDigest = 12;

    public void Print(string line) => progress.Print(line);

    /// <summary>How far a layer is; the text is where a mounted one came from.</summary>
    public void Tell(ImageLayer layer, LayerStage stage, string? from) => progress.Set(IdOf(layer), Words(stage, from));

    /// <summary>Bytes of a layer that went so far.</summary>
    public void Move(ImageLayer layer, long bytes) => progress.Move(IdOf(layer), "Pushing", bytes, layer.Descriptor.Size);

    private static string IdOf(ImageLayer layer) => layer.DiffId.Digest.Hex[..ShortDigest];

    private static string Words(LayerStage stage, string? from) => stage switch
    {
        LayerStage.AlreadyExists => "Layer already exists",
        LayerStage.Mounted => $"Mounted from {from}",
        LayerStage.Pushed => "Pushed",
        _ => "Preparing",
    };
}
