// SPDX-License-Identifier: Apache-2.0
using Tare.Images;
using Tare.Images.Remote;
using Tare.Oci;

namespace Tare.Cli.Output;

/// <summary>Prints docker's lines about a pull, as docker does where there is no terminal: each once.</summary>
internal sealed class PullPrinter(TextWriter output)
{
    private const int ShortDigest = 12;

    /// <summary>To be told by the pull.</summary>
    public PullWatch Watch => new(Begin, Tell, Finish);

    /// <summary>What became of the name, and its full form.</summary>
    public void Conclude(string familiar, string full, bool isNew)
    {
        PrintStatus(familiar, isNew);
        Print(full);
    }

    /// <summary>What became of the name.</summary>
    public void PrintStatus(string familiar, bool isNew) =>
        Print($"Status: {(isNew ? "Downloaded newer image" : "Image is up to date")} for {familiar}");

    private void Begin(Reference name) =>
        Print($"{(name.Digest is null ? name.Tag : name.ToString())}: Pulling from {name.Repository}");

    private void Tell(ImageLayer layer, LayerStage stage) =>
        Print($"{layer.Descriptor.Digest.Hex[..ShortDigest]}: {Words(stage)}");

    private void Finish(PulledImage image) => Print($"Digest: {image.Root}");

    private void Print(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    private static string Words(LayerStage stage) => stage switch
    {
        LayerStage.AlreadyExists => "Already exists",
        LayerStage.Pulling => "Pulling fs layer",
        LayerStage.Downloaded => "Download complete",
        _ => "Pull complete",
    };
}
