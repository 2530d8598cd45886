// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Cache;
using Tare.Build.Solve;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Images;
using Tare.Images.Building;
using Tare.Images.Places;
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>--cache-from</c> and <c>--cache-to</c> of one build.</summary>
internal sealed class BuildCaching : IDisposable
{
    private readonly Session _session;
    private readonly TareEngine _engine;
    private readonly BuildPrinter _printer;
    private readonly IReadOnlyList<CachePlace> _from;
    private readonly IReadOnlyList<CachePlace> _to;
    private List<CacheImport>? _imports;

    /// <exception cref="UsageException">a place is malformed</exception>
    public BuildCaching(Session session, TareEngine engine, ParsedArguments arguments, BuildPrinter printer)
    {
        (_session, _engine, _printer) = (session, engine, printer);
        _from = [.. arguments.Get(CacheFlags.From).Select(CachePlace.ParseSource)];
        _to = [.. arguments.Get(CacheFlags.To).Select(CachePlace.ParseTarget)];
        Trail = _to.Count > 0 ? new CacheTrail() : null;
    }

    /// <summary>Null when nothing is exported.</summary>
    public CacheTrail? Trail { get; }

    /// <summary>Those that could be read. One that cannot is told, and the build goes on without it.</summary>
    public IReadOnlyList<CacheImport> Imports => _imports ??= [.. _from.Select(Open).OfType<CacheImport>()];

    /// <summary>The annotations that an image gets which carries its own cache.</summary>
    public IReadOnlyDictionary<string, string> Inline(BuildCache cache, IReadOnlyList<StoredLayer> layers) =>
        _to.Any(static place => place.Kind == "inline")
            ? new Dictionary<string, string>
            {
                [CacheDocument.Annotation] = Encoding.UTF8.GetString(CacheDocument.Of(
                    CacheArtifact.StepsOf(cache, CacheArtifact.Result(Trail!.Entries, layers), withInputs: false), []).ToBytes()),
            }
            : new Dictionary<string, string>();

    /// <summary>Takes the cache where it is to go.</summary>
    /// <param name="cache">of the build</param>
    /// <param name="layers">of its results</param>
    /// <param name="builder">the builder's folder; lent</param>
    public void Export(BuildCache cache, IReadOnlyList<StoredLayer> layers, Fd builder)
    {
        foreach (CachePlace place in _to.Where(static place => place.Kind != "inline"))
        {
            string id = "cache export " + place.Name;
            _printer.Tell(new BuildEvent.Began(id, place.Kind == "local" ? "exporting cache to client directory" : "exporting cache to registry"));
            try
            {
                Export(place, cache, layers, builder, id);
                _printer.Tell(new BuildEvent.Ended(id));
            }
            catch (TareException failure)
            {
                _printer.Tell(new BuildEvent.Failed(id, failure.Message, IsCancelled: false));
                if (!place.IgnoresError)
                {
                    throw new TareException(failure.Kind, $"cache export to {place.Name}: {failure.Message}", failure.Hint, failure);
                }
            }
        }
    }

    public void Dispose() => _imports?.ForEach(static import => import.Dispose());

    private void Export(CachePlace place, BuildCache cache, IReadOnlyList<StoredLayer> layers, Fd builder, string id)
    {
        IEnumerable<CacheEntry> entries = place.IsMax ? Trail!.Entries : CacheArtifact.Result(Trail!.Entries, layers);
        using var artifact = CacheArtifact.Make(cache, [.. entries], place.WithMounts ? Trail.Mounts : [], builder, _session.Cancellation);
        (int steps, int blobs, int mounts) = artifact.Counts;
        _printer.Tell(new BuildEvent.Noted(id, $"preparing build cache for export: {steps} steps, {blobs} layers, {mounts} cache mounts"));
        using PlaceSink sink = PlaceSink.OpenAsync(place.Place, place.Place, RegistryAccess.Of(_engine), () => _engine.Images, _session.Cancellation)
            .GetAwaiter().GetResult();
        Copy.RunArtifactAsync(artifact, sink.Sink, new OfferedImage(artifact.Root, sink.Names), CopyLimits.Default, _session.Cancellation)
            .GetAwaiter().GetResult();
        _printer.Tell(new BuildEvent.Noted(id, $"writing cache manifest {artifact.Root.Digest} done"));
    }

    private CacheImport? Open(CachePlace place)
    {
        string id = "cache import " + place.Name;
        _printer.Tell(new BuildEvent.Began(id, $"importing cache manifest from {place.Name}"));
        try
        {
            CacheImport import = OpenAsync(place).GetAwaiter().GetResult();
            _printer.Tell(new BuildEvent.Ended(id));
            return import;
        }
        catch (Exception e) when (e is TareException { Kind: not ErrorKind.Cancelled } or LinuxException)
        {
            string hint = e is TareException { Hint: { } text } ? $" ({text})" : "";
            _printer.Tell(new BuildEvent.Failed(id, e.Message + hint, IsCancelled: false));
            return null;
        }
    }

    private async Task<CacheImport> OpenAsync(CachePlace place)
    {
        CancellationToken ct = _session.Cancellation;
        if (place.Kind == "local")
        {
            PlaceSource source = await PlaceSource.OpenAsync(place.Place, RegistryOptions.Default, () => _engine.Images, ct);
            return await CacheImport.OpenAsync(place.Name, source.Source, source.Root, place.WithMounts, ct);
        }

        Reference name = Reference.Parse(place.Where);
        RegistrySource registry = await RegistrySource.OpenAsync(name, RegistryAccess.Of(_engine), ct);
        try
        {
            Descriptor root = await registry.ResolveAsync(name, ct)
                ?? throw new TareException(ErrorKind.NotFound, $"{place.Name}: the registry has no such cache");
            return await CacheImport.OpenAsync(place.Name, registry, root, place.WithMounts, ct);
        }
        catch
        {
            registry.Dispose();
            throw;
        }
    }
}
