// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;

namespace Tare.Build.Graph;

/// <summary>One operation with its inputs; the same work is the same <see cref="Id"/>. Never changes once its graph is
/// made.</summary>
internal sealed class Vertex
{
    public Vertex(Operation operation, IReadOnlyList<Vertex?> inputs, string name, SourceRange range)
    {
        Operation = operation;
        Inputs = inputs;
        Name = name;
        Range = range;
        using DefinitionWriter writer = new();
        operation.Write(writer);
        writer.Add((long)inputs.Count);
        foreach (Vertex? input in inputs)
        {
            writer.Add(input?.Id.ToString());
        }

        Id = writer.Id();
    }

    public VertexId Id { get; }

    public Operation Operation { get; }

    /// <summary>By the numbers that the operation uses; null is the empty file system. Where the operation changes a
    /// root file system, that is input 0.</summary>
    public IReadOnlyList<Vertex?> Inputs { get; }

    /// <summary>For people: <c>[build 2/5] RUN make</c>. Not in the id.</summary>
    public string Name { get; }

    /// <summary>The instruction that wants it first. Not in the id.</summary>
    public SourceRange Range { get; }

    /// <summary>The step may not be taken from the cache. Not in the id.</summary>
    public bool IgnoresCache { get; private set; }

    /// <summary>Keeps it from the cache: one stage that wants this is enough, whoever else has the same step. Only while
    /// the graph is made.</summary>
    public void IgnoreCache() => IgnoresCache = true;
}
