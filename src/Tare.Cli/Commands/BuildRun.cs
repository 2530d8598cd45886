// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tare.Build;
using Tare.Build.Attest;
using Tare.Build.Check;
using Tare.Build.Export;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Build.Sources;
using Tare.Build.Steps;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Images.Building;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>One build, for one platform or several: what the rooms below need is put together here.</summary>
internal sealed class BuildRun : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;

    private readonly Session _session;
    private readonly TareEngine _engine;
    private readonly BuildSource _source;
    private readonly ParsedArguments _arguments;
    private readonly BuildPrinter _printer;
    private readonly IReadOnlyList<PlatformBuild> _platforms;
    private readonly BuildCache _cache;
    private readonly BuildSecrets _secrets;
    private readonly BuildContexts _contexts;
    private readonly ConcurrentBag<(VertexId Vertex, Material Material)> _materials = [];
    private readonly BuildExplanation? _explanation;
    private string? _revision;
    private BuildTime _dated = BuildTime.Of(null);

    /// <param name="session">where to print</param>
    /// <param name="engine">whose store</param>
    /// <param name="source">Dockerfile and context; lent</param>
    /// <param name="requests">one for each platform; all have the same contexts and arguments</param>
    /// <param name="arguments">of the verb</param>
    /// <param name="printer">progress; lent</param>
    public BuildRun(
        Session session, TareEngine engine, BuildSource source, IReadOnlyList<BuildRequest> requests, ParsedArguments arguments,
        BuildPrinter printer)
    {
        (_session, _engine, _source, _arguments, _printer) = (session, engine, source, arguments, printer);
        _cache = new BuildCache(engine.Images);
        _secrets = new BuildSecrets(arguments.Get(BuildFlags.Secret), arguments.Get(BuildFlags.Ssh));
        _contexts = new BuildContexts(session, engine, requests[0].Contexts, _secrets);
        _explanation = arguments.Get(CacheFlags.Explain) ? new BuildExplanation() : null;
        var bases = new BuildBases(engine, source.Document, printer, _contexts, _cache) { PullsAlways = arguments.Get(BuildFlags.Pull) };
        _platforms = [.. requests.Select(request => new PlatformBuild(
            request, new ImageBuild(source.Document, request, (wanted, ct) => bases.ResolveAsync(wanted, request.ShowsPlatform, ct))))];
    }

    /// <summary>Caches of other stores. Lent.</summary>
    public required BuildCaching Caching { get; init; }

    /// <summary>The graph of the first platform, for reports about the Dockerfile.</summary>
    public BuildGraph Plan() => _platforms[0].Plan(_session.Cancellation);

    /// <summary>Builds, and takes the result where it is to go; answers the exit code.</summary>
    public int Build(IReadOnlyList<BuildOutput> outputs)
    {
        AttestRequest attest = ResultFlags.Attestations(_arguments);
        if (_platforms.Count > 1)
        {
            BuildPlatforms.Refuse(outputs);
        }

        IReadOnlyList<ImageAssembly> images = Make();
        BuiltPlatform[] made = [.. _platforms.Zip(images, (platform, image) => new BuiltPlatform(
            platform.Request.Target, image, attest.IsAny ? new Attesting(attest, Facts(platform)) : null, Caching.Inline(_cache, image.Layers)))];
        if (made is [var only])
        {
            new BuildExport(_session, _engine, _arguments, _printer, only, _dated).Run(outputs);
        }
        else
        {
            new BuildPlatforms(_session, _engine, _arguments, _printer, _dated).Run(made, outputs);
        }

        using Fd folder = HostPath.MakeDirectories($"{_session.Root}/build", OwnerOnly);
        Caching.Export(_cache, [.. images.SelectMany(static image => image.Layers).DistinctBy(static layer => layer.Chain)], folder);
        _printer.Finish();
        PrintNotes();
        return 0;
    }

    /// <summary>Prints what is to be said of the build when it is over, failed or not.</summary>
    public void PrintNotes()
    {
        BuildGraph[] graphs = [.. _platforms.Select(static platform => platform.Graph).OfType<BuildGraph>()];
        _explanation?.Print(_session.Error, BuildGraph.Joined(graphs));
        if (!_arguments.Get(BuildFlags.Quiet) && !_printer.IsForPrograms)
        {
            BuildReports.Warnings(_session.Error, BuildGraph.WarningsOf(graphs));
        }
    }

    /// <summary>Builds; answers the images by platform.</summary>
    /// <exception cref="StepFailure">a step failed, or with --verify gave something else the second time</exception>
    private IReadOnlyList<ImageAssembly> Make()
    {
        string? moment = _platforms[0].Request.Arguments.GetValueOrDefault(BuildTime.Variable);
        BuildTime time = BuildTime.Of(moment);
        _dated = time.IsGiven || CommitTime() is not { } commit ? time : BuildTime.OfCommit(commit);
        PlanAll();
        using Fd folder = HostPath.MakeDirectories($"{_session.Root}/build", OwnerOnly);
        using var live = LiveFolder.Make(_session.Run);
        FileDigests? digests = _source.Status is { } status ? new FileDigests(folder, status, _session.Time.GetUtcNow()) : null;
        try
        {
            return Solve(Context(folder, live.Fd, digests, time) with { Dated = _dated });
        }
        finally
        {
            digests?.Save();
        }
    }

    /// <summary>What is doubtful is told with the step that docker tells it with.</summary>
    private void PlanAll()
    {
        string id = "definition " + _source.Document.Source.Name;
        _printer.Tell(new BuildEvent.Began(id, $"[internal] load build definition from {_source.Document.Source.Name}"));
        _printer.Tell(new BuildEvent.Ended(id));
        foreach (PlatformBuild platform in _platforms)
        {
            platform.Plan(_session.Cancellation);
        }

        foreach (Warning warning in BuildGraph.WarningsOf([.. _platforms.Select(static platform => platform.Graph!)]))
        {
            _printer.Tell(new BuildEvent.Warned(id, warning) { Source = _source.Document.Source });
        }
    }

    private IReadOnlyList<ImageAssembly> Solve(SolveContext context)
    {
        CancellationToken ct = _session.Cancellation;
        BuildGraph[] graphs = [.. _platforms.Select(static platform => platform.Graph!)];
        IReadOnlyDictionary<VertexId, VertexResult> results = ImageBuild.SolveAsync(graphs, context, AtOnce, ct).GetAwaiter().GetResult();
        if (_arguments.Get(CacheFlags.Verify))
        {
            SolveContext again = context with { Told = what => Tell(what with { Id = "again " + what.Id }), Trail = null };
            IReadOnlyDictionary<VertexId, VertexResult> second = ImageBuild.SolveAsync(graphs, again, AtOnce, ct).GetAwaiter().GetResult();
            if (Reproduction.FirstDifference(_engine.Images, BuildGraph.Joined(graphs), results, second, ct) is { } difference)
            {
                throw difference;
            }
        }

        return [.. _platforms.Select(platform => Assemble(platform, results, context.Dated))];
    }

    private ImageAssembly Assemble(PlatformBuild platform, IReadOnlyDictionary<VertexId, VertexResult> results, BuildTime time)
    {
        BuildGraph graph = platform.Graph!;
        StoredImage? below = Squash.BaseOf(graph.Result!.Root) is { } found ? platform.Build.TryImageOf(found) : null;
        ImageAssembly image = ImageBuild.Assemble(graph, results, time) with { Inherited = below?.Layers.Count ?? 0 };
        return _arguments.Get(ResultFlags.Squash) ? Squash.Run(_cache, _engine.Images, image, below, _session.Cancellation) : image;
    }

    private StoredImage ImageOf(ImageOperation operation) =>
        _platforms.Select(platform => platform.Build.TryImageOf(operation)).OfType<StoredImage>().First();

    private void Tell(BuildEvent what)
    {
        _explanation?.Note(what);
        _printer.Tell(what);
    }

    public void Dispose()
    {
        _contexts.Dispose();
        _secrets.Dispose();
        _cache.Dispose();
    }

    private BuildFacts Facts(PlatformBuild platform)
    {
        HashSet<VertexId> own = [.. platform.Graph!.Vertices.Select(static vertex => vertex.Id)];
        _revision ??= _source.Commit?.Id ?? _contexts.RevisionOf(_arguments.Operands[0]);
        return BuildProvenance.Of(
            _arguments, platform.Request, _source, platform.Graph,
            _materials.Where(used => own.Contains(used.Vertex)).Select(static used => used.Material), _revision);
    }

    private static int AtOnce => Math.Max(2, Environment.ProcessorCount);

    /// <summary>The place and the Dockerfile, as a digest: a path is nobody else's business.</summary>
    private string Origin => Digest.Of(System.Text.Encoding.UTF8.GetBytes(
        $"{Path.GetFullPath(_arguments.Operands[0])}\0{_arguments.Get(BuildFlags.File)}")).Hex[..12];

    private SolveContext Context(Fd folder, Fd live, FileDigests? digests, BuildTime time)
    {
        return new SolveContext
        {
            Cache = _cache,
            Store = _engine.Images,
            Image = ImageOf,
            Context = operation => Open(operation, digests),
            Git = new GitSource(_contexts.Settings),
            Process = BuildSteps.With(_session, CgroupParent),
            Folder = folder,
            Live = live,
            Time = time,
            Used = (vertex, material) => _materials.Add((vertex, material)),
            Told = Tell,
            Explains = _explanation is not null,
            Origin = Origin,
            Trail = Caching.Trail,
            Imports = Caching.Imports,
            Enter = CacheFlags.EntersFailure(_arguments) ? Enter : null,
            Secret = _secrets.Secret,
            Agent = _secrets.Agent,
            Network = _arguments.Get(BuildFlags.Network) is { } network and not "default" ? network : null,
            AllowsInsecure = _arguments.Get(BuildFlags.Allow).Contains(BuildFlags.Insecure),
            AllowsHostNetwork = _arguments.Get(BuildFlags.Allow).Contains(BuildFlags.HostNetwork) || _arguments.Get(BuildFlags.Network) == "host",
            ExtraHosts = _arguments.Get(BuildFlags.AddHost),
            ShmSize = _arguments.Get(BuildFlags.ShmSize) ?? 0,
            Limits = [.. _arguments.Get(BuildFlags.Ulimit).Select(static limit => new StepLimit(limit.Name, limit.Soft, limit.Hard))],
        };
    }

    /// <summary>Of every RUN. The graph does not know it: what a step makes does not depend on it.</summary>
    private string? CgroupParent => _arguments.Get(BuildFlags.CgroupParent);

    private void Enter(StepProcess process) => _printer.Aside(() =>
    {
        _session.Error.WriteLine($"the step failed; {process.Arguments[0]} in its file system, exit ends the build:");
        BuildSteps.Enter(_session, process, CgroupParent);
    });

    private InputTree Open(ContextOperation operation, FileDigests? digests)
    {
        if (operation.Name.Length == 0)
        {
            return _source.OpenContext(operation.Ignored, digests);
        }

        return _contexts.Open(operation.Name, operation.Location);
    }

    /// <summary>When what is built was committed last, as far as anybody knows.</summary>
    private long? CommitTime() =>
        _source.CommitTime ?? (_source.Status is null ? null : _contexts.CommitTimeOf(_arguments.Operands[0]));
}
