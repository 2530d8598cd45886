// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tare.Build;
using Tare.Build.Attest;
using Tare.Build.Dockerfile;
using Tare.Build.Export;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Build.Sources;
using Tare.Build.Steps;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Images.Building;
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>One build: what the rooms below need is put together here.</summary>
internal sealed class BuildRun : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;

    private readonly Session _session;
    private readonly TareEngine _engine;
    private readonly BuildSource _source;
    private readonly BuildRequest _request;
    private readonly ParsedArguments _arguments;
    private readonly BuildPrinter _printer;
    private readonly ImageBuild _build;
    private readonly BuildCache _cache;
    private readonly BuildSecrets _secrets;
    private readonly BuildContexts _contexts;
    private readonly ConcurrentBag<Material> _materials = [];
    private readonly BuildExplanation? _explanation;
    private BuildGraph? _graph;
    private BuildTime _dated = BuildTime.Of(null);

    public BuildRun(
        Session session, TareEngine engine, BuildSource source, BuildRequest request, ParsedArguments arguments, BuildPrinter printer)
    {
        (_session, _engine, _source, _request, _arguments, _printer) = (session, engine, source, request, arguments, printer);
        _build = new ImageBuild(source.Document, request, ResolveAsync);
        _cache = new BuildCache(engine.Images);
        _secrets = new BuildSecrets(arguments.Get(BuildFlags.Secret), arguments.Get(BuildFlags.Ssh));
        _contexts = new BuildContexts(session, engine, request.Contexts, _secrets);
        _explanation = arguments.Get(CacheFlags.Explain) ? new BuildExplanation() : null;
    }

    /// <summary>Caches of other stores. Lent.</summary>
    public required BuildCaching Caching { get; init; }

    /// <summary>The platform of the result.</summary>
    public Platform Target => _request.Target;

    public BuildGraph Plan() => _build.PlanAsync(_session.Cancellation).GetAwaiter().GetResult();

    /// <summary>Builds, and takes the result where it is to go; answers the exit code.</summary>
    public int Build(IReadOnlyList<BuildOutput> outputs)
    {
        ImageAssembly image = Make();
        AttestRequest attest = ResultFlags.Attestations(_arguments);
        Attesting? attesting = attest.IsAny ? new Attesting(attest, Facts(_graph!)) : null;
        new BuildExport(_session, _engine, _arguments, _printer, attesting, _dated) { CacheNotes = InlineCache(image) }.Run(image, outputs);
        ExportCache(image.Layers);
        _printer.Finish();
        PrintNotes();
        return 0;
    }

    /// <summary>The annotations of an image that carries its own cache.</summary>
    public IReadOnlyDictionary<string, string> InlineCache(ImageAssembly image) => Caching.Inline(_cache, image.Layers);

    /// <summary>Takes the cache where it is to go.</summary>
    /// <param name="layers">of the results</param>
    public void ExportCache(IReadOnlyList<StoredLayer> layers)
    {
        using Fd folder = HostPath.MakeDirectories($"{_session.Root}/build", OwnerOnly);
        Caching.Export(_cache, layers, folder);
    }

    /// <summary>Prints what is to be said of the build when it is over, failed or not.</summary>
    public void PrintNotes()
    {
        if (_graph is { } graph)
        {
            _explanation?.Print(_session.Error, graph);
            BuildReports.Warnings(_session.Error, graph, _arguments.Get(BuildFlags.Quiet) || _printer.IsForPrograms);
        }
    }

    /// <summary>Builds; answers the image.</summary>
    /// <exception cref="StepFailure">a step failed, or with --verify gave something else the second time</exception>
    public ImageAssembly Make()
    {
        string? moment = _request.Arguments.GetValueOrDefault(BuildTime.Variable);
        BuildTime time = BuildTime.Of(moment);
        _dated = time.IsGiven || CommitTime() is not { } commit ? time : BuildTime.OfCommit(commit);
        BuildGraph graph = _graph = Plan();
        using Fd folder = HostPath.MakeDirectories($"{_session.Root}/build", OwnerOnly);
        using var live = LiveFolder.Make(_session.Run);
        FileDigests? digests = _source.Status is { } status ? new FileDigests(folder, status, _session.Time.GetUtcNow()) : null;
        try
        {
            ImageAssembly image = Solve(graph, Context(folder, live.Fd, digests, time) with { Dated = _dated });
            return _arguments.Get(ResultFlags.Squash) ? Squashed(graph, image) : image;
        }
        finally
        {
            digests?.Save();
        }
    }

    private ImageAssembly Solve(BuildGraph graph, SolveContext context)
    {
        CancellationToken ct = _session.Cancellation;
        IReadOnlyDictionary<VertexId, VertexResult> results = ImageBuild.SolveAsync(graph, context, AtOnce, ct).GetAwaiter().GetResult();
        if (_arguments.Get(CacheFlags.Verify))
        {
            SolveContext again = context with { Told = what => Tell(what with { Id = "again " + what.Id }), Trail = null };
            IReadOnlyDictionary<VertexId, VertexResult> second = ImageBuild.SolveAsync(graph, again, AtOnce, ct).GetAwaiter().GetResult();
            if (Reproduction.FirstDifference(_engine.Images, graph, results, second, ct) is { } difference)
            {
                throw difference;
            }
        }

        return ImageBuild.Assemble(graph, results, context.Dated);
    }

    private void Tell(BuildEvent what)
    {
        _explanation?.Note(what);
        _printer.Tell(what);
    }

    public void Dispose()
    {
        _contexts.Dispose();
        _cache.Dispose();
    }

    private ImageAssembly Squashed(BuildGraph graph, ImageAssembly image)
    {
        StoredImage? below = Tare.Build.Export.Squash.BaseOf(graph.Result!.Root) is { } found ? _build.ImageOf(found) : null;
        return Tare.Build.Export.Squash.Run(_cache, _engine.Images, image, below, _session.Cancellation);
    }

    private BuildFacts Facts(BuildGraph graph) => BuildProvenance.Of(
        _arguments, _request, _source, graph, _materials, _source.Commit?.Id ?? _contexts.RevisionOf(_arguments.Operands[0]));

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
            Image = _build.ImageOf,
            Context = operation => Open(operation, digests),
            Git = new GitSource(_contexts.Settings),
            Process = BuildSteps.With(_session, CgroupParent),
            Folder = folder,
            Live = live,
            Time = time,
            Used = _materials.Add,
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

    private async Task<StoredImage> ResolveAsync(BaseRequest wanted, CancellationToken ct)
    {
        string id = "metadata " + wanted.Image;
        _printer.Tell(new BuildEvent.Began(id, $"[internal] load metadata for {wanted.Image}"));
        try
        {
            StoredImage? found = wanted.Layout is { } layout ? await _contexts.LoadAsync(layout, wanted.Platform, ct)
                : _arguments.Get(BuildFlags.Pull) ? null : _engine.Images.Find(wanted.Image.ToString(), wanted.Platform);
            if (found is null)
            {
                await RegistryAccess.Pull(_engine, PullWatch.None).RunAsync(wanted.Image, wanted.Platform, ct);
                found = _engine.Images.Get(wanted.Image.ToString(), wanted.Platform);
            }

            _cache.Keep(found);
            _printer.Tell(new BuildEvent.Ended(id));
            return found;
        }
        catch (TareException failure)
        {
            string message = $"{wanted.Image.Familiar}: failed to resolve source metadata for {wanted.Image}: {failure.Message}";
            _printer.Tell(new BuildEvent.Failed(id, message, IsCancelled: false));
            throw new StepFailure(failure.Kind, message, failure.Hint, failure)
            {
                Step = $"[internal] load metadata for {wanted.Image}",
                Range = PlaceOf(wanted),
            };
        }
    }

    /// <summary>The first FROM, <c>--from</c> or mount that names the image as it stands there; else nowhere.</summary>
    private SourceRange PlaceOf(BaseRequest wanted) => _source.Document.Stages
        .SelectMany(stage => stage.Instructions.SelectMany(NamedIn).Prepend((Name: stage.From.Image.Text, stage.From.Range)))
        .FirstOrDefault(place => Reference.TryParse(place.Name ?? "", out Reference? name) && name == wanted.Image).Range;

    private IEnumerable<(string? Name, SourceRange Range)> NamedIn(Instruction instruction) => instruction switch
    {
        CopyInstruction copy => [(copy.From?.Text, copy.Range)],
        RunInstruction run => run.Mounts.Select(mount => (MountOption.FromOf(_source.Document.Source, mount), run.Range)),
        _ => [],
    };
}
