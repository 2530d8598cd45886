// SPDX-License-Identifier: Apache-2.0
using Tare.Build;
using Tare.Build.Dockerfile;
using Tare.Build.Export;
using Tare.Build.Graph;
using Tare.Build.Ignore;
using Tare.Build.Solve;
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

    public BuildRun(
        Session session, TareEngine engine, BuildSource source, BuildRequest request, ParsedArguments arguments, BuildPrinter printer)
    {
        (_session, _engine, _source, _request, _arguments, _printer) = (session, engine, source, request, arguments, printer);
        _build = new ImageBuild(source.Document, request, ResolveAsync);
        _cache = new BuildCache(engine.Images);
    }

    public BuildGraph Plan() => _build.PlanAsync(_session.Cancellation).GetAwaiter().GetResult();

    /// <summary>Builds, and takes the result where it is to go; answers the exit code.</summary>
    public int Build(IReadOnlyList<BuildOutput> outputs)
    {
        string? moment = _request.Arguments.GetValueOrDefault(BuildTime.Variable);
        BuildTime time = BuildTime.Of(moment);
        BuildGraph graph = Plan();
        using Fd folder = HostPath.MakeDirectories($"{_session.Root}/build", OwnerOnly);
        using var live = LiveFolder.Make(_session.Run);
        FileDigests? digests = _source.Status is { } status ? new FileDigests(folder, status, _session.Time.GetUtcNow()) : null;
        ImageAssembly image;
        try
        {
            image = ImageBuild.RunAsync(graph, Context(folder, live.Fd, digests, time), AtOnce, _session.Cancellation)
                .GetAwaiter().GetResult();
        }
        finally
        {
            digests?.Save();
        }

        new BuildExport(_session, _engine, _arguments, _printer).Run(image, outputs);
        BuildReports.Warnings(_session.Error, graph, _arguments.Get(BuildFlags.Quiet));
        return 0;
    }

    public void Dispose() => _cache.Dispose();

    private static int AtOnce => Math.Max(2, Environment.ProcessorCount);

    private SolveContext Context(Fd folder, Fd live, FileDigests? digests, BuildTime time)
    {
        var secrets = new BuildSecrets(_arguments.Get(BuildFlags.Secret), _arguments.Get(BuildFlags.Ssh));
        return new SolveContext
        {
            Cache = _cache,
            Store = _engine.Images,
            Image = _build.ImageOf,
            Context = operation => Open(operation, digests),
            Process = BuildSteps.With(_session),
            Folder = folder,
            Live = live,
            Time = time,
            Told = _printer.Tell,
            Secret = secrets.Secret,
            Agent = secrets.Agent,
            Network = _arguments.Get(BuildFlags.Network) is { } network and not "default" ? network : null,
            AllowsHostNetwork = _arguments.Get(BuildFlags.Allow).Count > 0 || _arguments.Get(BuildFlags.Network) == "host",
            ExtraHosts = _arguments.Get(BuildFlags.AddHost),
            ShmSize = _arguments.Get(BuildFlags.ShmSize) ?? 0,
            Limits = [.. _arguments.Get(BuildFlags.Ulimit).Select(static limit => new StepLimit(limit.Name, limit.Soft, limit.Hard))],
        };
    }

    private InputTree Open(ContextOperation operation, FileDigests? digests)
    {
        if (operation.Name.Length == 0)
        {
            return _source.OpenContext(operation.Ignored, digests);
        }

        string place = _request.Contexts.GetValueOrDefault(operation.Name.ToLowerInvariant()) ?? operation.Location ?? "";
        if (HostPath.TryStatus(place) is not { IsDirectory: true })
        {
            throw new TareException(
                ErrorKind.NotSupported, $"build context {operation.Name}: {Quoted.Text(place)} is no folder", "folders and docker-image:// are taken");
        }

        Root root = Root.Open(Path.GetFullPath(place));
        byte[]? ignore = root.TryReadAll(System.Text.Encoding.UTF8.GetBytes(IgnoreFile.Name), IgnoreFile.MaxBytes + 1);
        return new InputTree(root, ignore is null ? null : new PatternList(IgnoreFile.Read(IgnoreFile.Name, ignore)), IsContext: true);
    }

    private async Task<StoredImage> ResolveAsync(BaseRequest wanted, CancellationToken ct)
    {
        string id = "metadata " + wanted.Image;
        _printer.Tell(new BuildEvent.Began(id, $"[internal] load metadata for {wanted.Image}"));
        try
        {
            StoredImage? found = _arguments.Get(BuildFlags.Pull) ? null : _engine.Images.Find(wanted.Image.ToString(), wanted.Platform);
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
