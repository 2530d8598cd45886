// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Build.Export;

/// <summary>The image that a stage became.</summary>
/// <param name="Config">complete</param>
/// <param name="Layers">bottom first</param>
internal sealed record ImageAssembly(ImageConfig Config, IReadOnlyList<StoredLayer> Layers)
{
    /// <summary>So many layers at the bottom are the base image's.</summary>
    public int Inherited { get; init; }

    /// <summary>Puts a stage's settings, history and layers together.</summary>
    /// <param name="stage">the wanted stage</param>
    /// <param name="results">of all vertices</param>
    /// <param name="layers">of the stage's file system</param>
    /// <param name="time">stands in it</param>
    public static ImageAssembly Of(
        StageResult stage, IReadOnlyDictionary<VertexId, VertexResult> results, IReadOnlyList<StoredLayer> layers, BuildTime time)
    {
        bool HasLayer(HistoryStep step) =>
            step.Vertex is { } vertex && results[vertex.Id] is VertexResult.Layered { HasOwn: true };
        return new ImageAssembly(
            stage.Config with
            {
                Created = time.Text,
                RootFs = new RootFs { DiffIds = [.. layers.Select(static layer => layer.DiffId)] },
                History = [.. stage.History.Select(step => step.ToHistory(time.Text, HasLayer(step)))],
            },
            layers);
    }
}
