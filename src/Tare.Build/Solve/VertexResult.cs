// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Steps;
using Tare.Images.Store;

namespace Tare.Build.Solve;

/// <summary>What running a vertex gave: a closed set.</summary>
internal abstract record VertexResult
{
    /// <summary>A file system.</summary>
    /// <param name="Layers">bottom first</param>
    /// <param name="HasOwn">the last one is the vertex's own</param>
    internal sealed record Layered(IReadOnlyList<StoredLayer> Layers, bool HasOwn) : VertexResult
    {
        /// <summary>The empty file system.</summary>
        public static Layered Empty { get; } = new([], false);

        /// <summary>Names all of it.</summary>
        public string Identity => Layers.Count == 0 ? "scratch" : Layers[^1].Chain.ToString();
    }

    /// <summary>Files from outside.</summary>
    /// <param name="Open">opens them, or fetches them first; the caller disposes what it gets</param>
    /// <param name="Identity">names their content when it is known without looking at them, else null</param>
    internal sealed record Sourced(Func<CancellationToken, InputTree> Open, string? Identity) : VertexResult;
}
