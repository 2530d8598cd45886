// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Export;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Build;

/// <summary>A build from the parsed Dockerfile to the image's parts.</summary>
/// <remarks>
/// What this room owns: the language, the graph, the steps, the cache's keys. What it never does: speak to registries, make
/// containers, print; those come in as functions (<see cref="SolveContext"/>). Start reading at <see cref="SolveAsync"/>.
/// </remarks>
/// <param name="document">the Dockerfile</param>
/// <param name="request">what is wanted</param>
/// <param name="resolve">finds an image, fetching it when it is not here</param>
internal sealed class ImageBuild(
    DockerfileDocument document, BuildRequest request, Func<BaseRequest, CancellationToken, Task<StoredImage>> resolve)
{
    /// <summary>ONBUILD triggers may want further images, whose triggers may want further ones.</summary>
    private const int MaxRounds = 32;

    private readonly Dictionary<BaseRequest, BaseImage> _bases = [];
    private readonly Dictionary<(Digest Digest, string Platform), StoredImage> _images = [];

    /// <summary>The graph, with every image that it needs resolved.</summary>
    /// <exception cref="TareException">the Dockerfile is wrong, or an image is not to be had; with the place</exception>
    public async Task<BuildGraph> PlanAsync(CancellationToken ct)
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            BuildGraph graph = Lowering.Lower(document, request, _bases);
            if (graph.Missing.Count == 0)
            {
                return graph;
            }

            foreach (BaseRequest missing in graph.Missing)
            {
                StoredImage image = await resolve(missing, ct);
                _bases[missing] = new BaseImage(image.Root, image.Config);
                _images[(image.Root, missing.Platform.ToString())] = image;
            }
        }

        throw new TareException(ErrorKind.InvalidArgument, $"{document.Source.Name}: base images lead to more than {MaxRounds} rounds of others");
    }

    /// <summary>Runs the graphs of all platforms as one, in which a step that several have runs once; answers what each
    /// vertex gave.</summary>
    /// <param name="graphs">of <see cref="PlanAsync"/></param>
    /// <param name="context">what steps are run with</param>
    /// <param name="atOnce">steps that may work at the same time</param>
    /// <param name="ct">stops it</param>
    /// <exception cref="StepFailure">of the step that failed first, whatever platform it is for</exception>
    public static Task<IReadOnlyDictionary<VertexId, VertexResult>> SolveAsync(
        IReadOnlyList<BuildGraph> graphs, SolveContext context, int atOnce, CancellationToken ct)
    {
        IReadOnlyList<Vertex> vertices = BuildGraph.Joined(graphs);
        Refuse(vertices, context);
        return Solver.RunAsync(context, vertices, [.. graphs.Select(static graph => graph.Result!.Root).OfType<Vertex>()], atOnce, ct);
    }

    /// <summary>The image that the results of a graph are.</summary>
    public static ImageAssembly Assemble(BuildGraph graph, IReadOnlyDictionary<VertexId, VertexResult> results, BuildTime time)
    {
        StageResult stage = graph.Result!;
        VertexResult root = stage.Root is { } vertex ? results[vertex.Id] : VertexResult.Layered.Empty;
        IReadOnlyList<StoredLayer> layers = root is VertexResult.Layered layered ? layered.Layers : [];
        return ImageAssembly.Of(stage, results, layers, time);
    }

    /// <summary>What cannot run here is told before anything runs; with records of other stores it may not have to.</summary>
    private static void Refuse(IReadOnlyList<Vertex> vertices, SolveContext context)
    {
        foreach (Vertex vertex in vertices)
        {
            if (vertex.Operation is RunOperation run && (Entitlements.WhyNot(context, run) ?? WhyNotHere(run, context)) is { } failure)
            {
                throw new StepFailure(failure.Kind, failure.Message, failure.Hint, failure) { Step = vertex.Name, Range = vertex.Range };
            }
        }
    }

    private static TareException? WhyNotHere(RunOperation run, SolveContext context) =>
        run.Foreign is { } platform && context.Imports.Count == 0 ? context.Emulators.WhyNot(platform) : null;

    /// <summary>The image behind a vertex; null: the vertex is of another graph.</summary>
    public StoredImage? TryImageOf(ImageOperation operation) =>
        _images.GetValueOrDefault((operation.Image.Digest!.Value, operation.Platform.ToString()));
}
