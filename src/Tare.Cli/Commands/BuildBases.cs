// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Images.Building;
using Tare.Images.Remote;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>The images that a build begins with: each is looked for once, for whatever platforms want it.</summary>
internal sealed class BuildBases(
    TareEngine engine, DockerfileDocument document, BuildPrinter printer, BuildContexts contexts, BuildCache cache)
{
    private readonly Dictionary<BaseRequest, StoredImage> _found = [];

    /// <summary><c>--pull</c>: registries are asked even when the store has an image of the name.</summary>
    public bool PullsAlways { get; init; }

    /// <param name="wanted">the image</param>
    /// <param name="showsPlatform">the step is named with the platform</param>
    /// <param name="ct">stops it</param>
    /// <exception cref="StepFailure">it is not to be had; with the place</exception>
    public async Task<StoredImage> ResolveAsync(BaseRequest wanted, bool showsPlatform, CancellationToken ct)
    {
        if (_found.TryGetValue(wanted, out StoredImage? known))
        {
            return known;
        }

        string step = $"[{(showsPlatform ? $"{wanted.Platform} " : "")}internal] load metadata for {wanted.Image}";
        string id = $"metadata {wanted.Image} {wanted.Platform} {wanted.Layout}";
        printer.Tell(new BuildEvent.Began(id, step));
        try
        {
            StoredImage found = await FindAsync(wanted, ct);
            cache.Keep(found);
            printer.Tell(new BuildEvent.Ended(id));
            _found.Add(wanted, found);
            return found;
        }
        catch (TareException failure)
        {
            string message = $"{wanted.Image.Familiar}: failed to resolve source metadata for {wanted.Image}: {failure.Message}";
            printer.Tell(new BuildEvent.Failed(id, message, IsCancelled: false));
            throw new StepFailure(failure.Kind, message, failure.Hint, failure) { Step = step, Range = PlaceOf(wanted) };
        }
    }

    private async Task<StoredImage> FindAsync(BaseRequest wanted, CancellationToken ct)
    {
        StoredImage? found = wanted.Layout is { } layout ? await contexts.LoadAsync(layout, wanted.Platform, ct)
            : PullsAlways ? null : engine.Images.Find(wanted.Image.ToString(), wanted.Platform);
        if (found is null)
        {
            await RegistryAccess.Pull(engine, PullWatch.None).RunAsync(wanted.Image, wanted.Platform, ct);
            found = engine.Images.Get(wanted.Image.ToString(), wanted.Platform);
        }

        return found;
    }

    /// <summary>The first FROM, <c>--from</c> or mount that names the image as it stands there; else nowhere.</summary>
    private SourceRange PlaceOf(BaseRequest wanted) => document.Stages
        .SelectMany(stage => stage.Instructions.SelectMany(NamedIn).Prepend((Name: stage.From.Image.Text, stage.From.Range)))
        .FirstOrDefault(place => Reference.TryParse(place.Name ?? "", out Reference? name) && name == wanted.Image).Range;

    private IEnumerable<(string? Name, SourceRange Range)> NamedIn(Instruction instruction) => instruction switch
    {
        CopyInstruction copy => [(copy.From?.Text, copy.Range)],
        RunInstruction run => run.Mounts.Select(mount => (MountOption.FromOf(document.Source, mount), run.Range)),
        _ => [],
    };
}
