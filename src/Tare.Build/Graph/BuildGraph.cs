// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>What lowering makes of a Dockerfile.</summary>
/// <param name="Document">the Dockerfile</param>
/// <param name="Result">the wanted stage; null as long as bases are missing</param>
/// <param name="Vertices">all that the result needs, each once, inputs before users: those that do not lead to each
/// other may run at the same time</param>
/// <param name="Missing">images to resolve; the caller does that and lowers again with what it found</param>
/// <param name="Warnings">what <c>--check</c> shows, in order of lines</param>
/// <param name="Outline">what <c>--call=outline</c> shows</param>
internal sealed record BuildGraph(
    DockerfileDocument Document,
    StageResult? Result,
    IReadOnlyList<Vertex> Vertices,
    IReadOnlyList<BaseRequest> Missing,
    IReadOnlyList<Warning> Warnings,
    Outline Outline)
{
    /// <summary>The vertices of several graphs, each once, inputs before users; one that any of them keeps from the cache is kept from it.</summary>
    public static IReadOnlyList<Vertex> Joined(IReadOnlyList<BuildGraph> graphs)
    {
        Dictionary<VertexId, Vertex> known = [];
        List<Vertex> all = [];
        foreach (Vertex vertex in graphs.SelectMany(static graph => graph.Vertices))
        {
            if (known.TryAdd(vertex.Id, vertex))
            {
                all.Add(vertex);
            }
            else if (vertex.IgnoresCache)
            {
                known[vertex.Id].IgnoreCache();
            }
        }

        return all;
    }

    /// <summary>What several graphs warn of, each once, in order of lines.</summary>
    public static IReadOnlyList<Warning> WarningsOf(IReadOnlyList<BuildGraph> graphs) =>
        [.. graphs.SelectMany(static graph => graph.Warnings).Distinct().OrderBy(static warning => warning.Range.Line)];
}

/// <summary>The end of a stage.</summary>
/// <param name="Root">its file system; null is the empty one</param>
/// <param name="Config">the image's config but for layers, times and <see cref="ImageConfig.History"/></param>
/// <param name="History">how the image came to be, bases first</param>
internal sealed record StageResult(Vertex? Root, ImageConfig Config, IReadOnlyList<HistoryStep> History);

/// <summary>An entry of the image's history.</summary>
/// <param name="CreatedBy">as docker writes it</param>
/// <param name="Vertex">the one whose layer it is; null for an empty layer, and for entries of the base image</param>
/// <param name="Inherited">the base image's own entry, or null</param>
internal sealed record HistoryStep(string CreatedBy, Vertex? Vertex, History? Inherited)
{
    /// <summary>What docker's builder writes into every entry.</summary>
    public const string Comment = "buildkit.dockerfile.v0";

    /// <summary>The entry.</summary>
    /// <param name="created">RFC 3339, or null</param>
    /// <param name="hasLayer">false for a step that made none, such as WORKDIR of a folder that was there</param>
    public History ToHistory(string? created, bool hasLayer) => Inherited ?? new History
    {
        Created = created,
        CreatedBy = CreatedBy,
        Comment = Comment,
        EmptyLayer = Vertex is null || !hasLayer,
    };
}
