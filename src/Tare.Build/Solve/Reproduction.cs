// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Build.Solve;

/// <summary>Compares two builds of the same vertices: <c>--verify</c>.</summary>
internal static class Reproduction
{
    /// <summary>The first step, inputs before users, that did not give the same twice; null: there is none.</summary>
    /// <param name="store">has the layers of both</param>
    /// <param name="vertices">that were built</param>
    /// <param name="first">what its vertices gave</param>
    /// <param name="second">what they gave the next time</param>
    /// <param name="ct">stops the comparison</param>
    public static StepFailure? FirstDifference(
        ImageStore store, IReadOnlyList<Vertex> vertices, IReadOnlyDictionary<VertexId, VertexResult> first,
        IReadOnlyDictionary<VertexId, VertexResult> second, CancellationToken ct)
    {
        foreach (Vertex vertex in vertices)
        {
            if (first[vertex.Id] is VertexResult.Layered one && second[vertex.Id] is VertexResult.Layered other
                && one.Identity != other.Identity)
            {
                return new StepFailure(
                    ErrorKind.FailedPrecondition, $"two builds differ: {What(store, one, other, ct)}",
                    "what a step makes should follow from its inputs alone; times, random numbers and the network do not", null)
                {
                    Step = vertex.Name,
                    Range = vertex.Range,
                };
            }
        }

        return null;
    }

    private static string What(ImageStore store, VertexResult.Layered one, VertexResult.Layered other, CancellationToken ct)
    {
        if (one.HasOwn != other.HasOwn || one.Layers.Count != other.Layers.Count)
        {
            return "one of them made a layer, the other did not";
        }

        StoredLayer first = one.Layers[^1], second = other.Layers[^1];
        string text = LayerComparison.FirstDifference(store.Blobs, first.Blob, second.Blob, ct) ?? "the order of their entries";
        return $"layer {first.DiffId} and {second.DiffId}: {text}";
    }
}
