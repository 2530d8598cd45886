// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Store;

namespace Tare.Build.Cache;

/// <summary>Answers a step from a record, of this store or an imported one, or runs it and records what it made.</summary>
internal sealed class StepRecords(SolveContext context, CancellationToken ct)
{
    /// <summary>Earlier steps that one is compared with.</summary>
    private const int MaxCompared = 500;

    public VertexResult.Layered Take(Vertex vertex, VertexResult.Layered root, StepWork work)
    {
        List<string> keys = [];
        Found? found = null;
        foreach (string key in work.Keys)
        {
            keys.Add(key);
            found = vertex.IgnoresCache ? null : Find(key, root, vertex);
            if (found is not null)
            {
                break;
            }
        }

        StoredLayer? layer = found is null ? Run(vertex, keys, work) : Reuse(vertex, keys, found);
        context.Trail?.Add(new CacheEntry(keys, vertex.Name, vertex.Id, layer, root.Layers));
        return layer is null ? root with { HasOwn = false } : new VertexResult.Layered([.. root.Layers, layer], true);
    }

    private Found? Find(string key, VertexResult.Layered root, Vertex vertex)
    {
        if (context.Cache.Find(key) is { } record)
        {
            return new Found(record.Layer, null, $"cached: the same inputs as on {record.Created:yyyy-MM-dd HH:mm:ss} UTC", false);
        }

        foreach (CacheImport import in context.Imports)
        {
            if (import.TryTake(context.Cache, key, root.Layers, text => context.Told(new BuildEvent.Noted(vertex.Id.ToString(), text)), ct) is { } taken)
            {
                return new Found(taken.Layer, taken.Inputs, $"cached: imported from {import.Name}", true);
            }
        }

        return null;
    }

    private StoredLayer? Reuse(Vertex vertex, List<string> keys, Found found)
    {
        string id = vertex.Id.ToString();
        context.Told(new BuildEvent.Cached(id));
        if (context.Explains)
        {
            context.Told(new BuildEvent.Explained(id, found.Reason));
        }

        // a key that was not known leads there from now on; what was imported becomes our own
        byte[]? inputs = found.Inputs is { } told && StepInputsCodec.TryRead(told) is not null ? told : null;
        context.Cache.Add(found.IsImported ? keys : keys[..^1], vertex.Name, found.Layer, inputs);
        return found.Layer;
    }

    private StoredLayer? Run(Vertex vertex, List<string> keys, StepWork work)
    {
        StepInputs inputs = work.Inputs() with { Origin = context.Origin };
        if (context.Explains)
        {
            context.Told(new BuildEvent.Explained(vertex.Id.ToString(), "ran: " + Reason(vertex, keys, inputs)));
        }

        StoredLayer? layer = work.Run();
        context.Cache.Add(keys, vertex.Name, layer, StepInputsCodec.Write(inputs));
        return layer;
    }

    private string Reason(Vertex vertex, List<string> keys, StepInputs inputs)
    {
        if (vertex.IgnoresCache)
        {
            return "the cache was not to be used";
        }

        if (keys.Exists(context.Cache.IsLost))
        {
            return "what an earlier build made of it is no longer in the store";
        }

        IEnumerable<(string Title, StepInputs Inputs)> earlier = context.Cache.Earlier(MaxCompared)
            .Select(static one => (one.Title, Inputs: StepInputsCodec.TryRead(one.Inputs)))
            .Where(static one => one.Inputs is not null)!;
        return Explanation.Nearest(vertex.Name, inputs, earlier) is { } before
            ? Explanation.Difference(inputs, before, NameOfBase(vertex))
            : "no earlier build had such a step";
    }

    private static string NameOfBase(Vertex vertex) => vertex.Inputs.Count == 0 ? "the base" : vertex.Inputs[0] switch
    {
        null => "the base",
        { Operation: ImageOperation image } => $"the base image {image.Image.Familiar}",
        { } step => $"what {step.Name} made",
    };

    /// <summary>A record that fits.</summary>
    private sealed record Found(StoredLayer? Layer, byte[]? Inputs, string Reason, bool IsImported);
}
