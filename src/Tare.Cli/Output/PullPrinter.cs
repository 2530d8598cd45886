// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Cli.Output;

/// <summary>Tells in docker's words how a pull comes along.</summary>
internal sealed class PullPrinter(Progress progress)
{
    private const int ShortDigest = 12;

    /// <summary>To be told by the pull.</summary>
    public PullWatch Watch => new(Begin, Tell, Finish) { Moved = Move };

    /// <summary>What became of the name, and its full form.</summary>
    public void Conclude(string familiar, string full, bool isNew)
    {
        PrintStatus(familiar, isNew);
        progress.Print(full);
    }

    /// <summary>What became of the name.</summary>
    public void PrintStatus(string familiar, bool isNew) =>
        progress.Print($"Status: {(isNew ? "Downloaded newer image" : "Image is up to date")} for {familiar}");

    /// <summary>How a layer is called.</summary>
    public static string IdOf(ImageLayer layer) => layer.Descriptor.Digest.Hex[..ShortDigest];

    private void Begin(Reference name) =>
        progress.Print($"{(name.Digest is null ? name.Tag : name.ToString())}: Pulling from {name.Repository}");

    private void Tell(ImageLayer layer, LayerStage stage) => progress.Set(IdOf(layer), Words(stage));

    private void Move(ImageLayer layer, long bytes) => progress.Move(IdOf(layer), "Downloading", bytes, layer.Descriptor.Size);

    private void Finish(PulledImage image) => progress.Print($"Digest: {image.Root}");

    private static string Words(LayerStage stage) => stage switch
    {
        LayerStage.AlreadyExists => "Already exists",
        LayerStage.Pulling => "Pulling fs layer",
        LayerStage.Downloaded => "Download complete",
        _ => "Pull complete",
    };
}
