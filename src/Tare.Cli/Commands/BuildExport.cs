// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Attest;
using Tare.Build.Export;
using Tare.Build.Solve;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Images;
using Tare.Images.Building;
using Tare.Images.Places;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Takes what a build made where it is to go, and tells.</summary>
/// <param name="session">where to print</param>
/// <param name="engine">whose store</param>
/// <param name="arguments">of the verb</param>
/// <param name="printer">progress</param>
/// <param name="made">the image and what is said about it</param>
/// <param name="time">when the image was made</param>
internal sealed class BuildExport(
    Session session, TareEngine engine, ParsedArguments arguments, BuildPrinter printer, BuiltPlatform made, BuildTime time)
{
    private const string Id = "export";

    private readonly ImageAssembly _image = made.Image;
    private readonly Attesting? _attesting = made.Attesting;

    public void Run(IReadOnlyList<BuildOutput> outputs)
    {
        _attesting?.Look(engine.Images, _image.Layers);
        using var repacking = new Repacking(engine.Images);
        BuildMetadata? metadata = null;
        foreach (BuildOutput output in outputs)
        {
            IReadOnlyList<Reference> names = [.. arguments.Get(BuildFlags.Tag).Concat(output.Names).Select(Reference.Parse).Distinct()];
            using BuiltResult built = Describe(output, names, repacking);
            Export(built, output, names);
            metadata = BuildMetadata.Better(metadata, output, built, names);
        }

        Tell(metadata);
    }

    /// <summary>The documents of the image as this output wants them.</summary>
    private BuiltResult Describe(BuildOutput output, IReadOnlyList<Reference> names, Repacking repacking)
    {
        var annotations = BuildAnnotations.Of(arguments.Get(BuildFlags.Annotation), made.Platform, output.Annotations);

        // an archive of docker's holds one manifest: nothing can be said beside it
        bool isAttested = _attesting is not null && output is { IsImage: true, Kind: not "docker" };
        if (annotations.Index.Count > 0 && !isAttested && output is { IsImage: true, Kind: not "docker" })
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "index annotations not supported for single platform export", "an image with --provenance or --sbom has an index");
        }

        LayerCompression how = output.Kind == "docker" ? LayerCompression.Default : output.Compression;
        bool isDocker = (output.IsDocker && !isAttested && !how.WantsOci) || output.Kind == "docker";
        IReadOnlyList<StoredLayer> layers = output.IsImage ? repacking.Apply(_image.Layers, _image.Inherited, how, session.Cancellation) : _image.Layers;
        var built = new BuiltImage(engine.Images, _image.Config, layers, annotations.ManifestWith(made.CacheNotes), isDocker, repacking);
        if (!isAttested)
        {
            return new BuiltResult(built, null);
        }

        var entry = new IndexedImage(built, _image.Config.Platform)
        {
            Attestations = _attesting!.Of(names, built.Root.Digest, time),
            Annotations = annotations.Entry,
        };
        return new BuiltResult(built, new BuiltIndex([entry], annotations.Index, asDocker: false));
    }

    private void Export(BuiltResult built, BuildOutput output, IReadOnlyList<Reference> names)
    {
        string id = $"{Id} {output.Kind} {output.Place}";
        switch (output.Kind)
        {
            case "image":
                printer.Tell(new BuildEvent.Began(id, "exporting to image"));
                ToStore(built, names, id);
                new BuildPush(session, engine, printer).Run(output, names, id);
                break;
            case "local":
                printer.Tell(new BuildEvent.Began(id, "exporting to client directory"));
                TreeExport.ToFolder(engine.Images, _image.Layers, output.Place, session.Cancellation);
                BuildFiles.WriteStatements(output.Place, _attesting?.Of([], null, time) ?? []);
                break;
            case "tar":
                printer.Tell(new BuildEvent.Began(id, "exporting to client tarball"));
                ToTar(output.Place);
                break;
            case "oci" or "docker":
                printer.Tell(new BuildEvent.Began(id, $"exporting to {output.Kind} image format"));
                ToPlace(built, output, names);
                break;
            default:
                return;
        }

        printer.Tell(new BuildEvent.Ended(id));
    }

    private void ToStore(BuiltResult built, IReadOnlyList<Reference> names, string id)
    {
        printer.Tell(new BuildEvent.Noted(id, "exporting layers done"));
        if (!IsThere(built, names))
        {
            using var sink = new StoreSink(engine.Images);
            Copy(built, sink, names);
        }

        printer.Tell(new BuildEvent.Noted(id, $"writing image {built.Image.Config.Digest} done"));
        foreach (Reference name in names)
        {
            printer.Tell(new BuildEvent.Noted(id, $"naming to {name} done"));
        }
    }

    /// <summary>Nothing has changed since it was built last: then nothing is written.</summary>
    private bool IsThere(BuiltResult built, IReadOnlyList<Reference> names) =>
        engine.Images.Catalog.FindRoot(built.Root.Digest) is not null
        && names.All(name => engine.Images.Catalog.FindName(name.ToString()) == built.Root.Digest);

    private void ToTar(string place)
    {
        using Fd file = place == "-"
            ? Session.OpenOutput()
            : BuildFiles.Create(place);
        TreeExport.ToTar(engine.Images, _image.Layers, file, session.Cancellation);
    }

    private void ToPlace(BuiltResult built, BuildOutput output, IReadOnlyList<Reference> names)
    {
        if (output.Place == "-")
        {
            throw new UsageException("dest=- is for type=tar; name a file", 1);
        }

        PlaceKind kind = output.Kind == "docker" ? PlaceKind.DockerArchive : output.IsFolder ? PlaceKind.Layout : PlaceKind.LayoutArchive;
        string? label = names.Count == 0 ? null : kind == PlaceKind.DockerArchive ? names[0].ToString() : names[0].Tag;
        var place = new Place(kind, Path.GetFullPath(output.Place), label);
        using PlaceSink sink = PlaceSink.OpenAsync(place, place, RegistryAccess.Of(engine), () => engine.Images, session.Cancellation)
            .GetAwaiter().GetResult();
        Copy(built, sink.Sink, kind == PlaceKind.DockerArchive ? names : sink.Names);
    }

    private void Copy(BuiltResult built, IImageSink sink, IReadOnlyList<Reference> names) =>
        Images.Copy.RunAsync(
            built.Source, sink, new OfferedImage(built.Root, names), PlatformFilter.All, CopyLimits.Default, session.Cancellation)
            .GetAwaiter().GetResult();

    private void Tell(BuildMetadata? metadata)
    {
        string id = Digest.Of(_image.Config.ToBytes()).ToString();
        if (arguments.Get(BuildFlags.Quiet))
        {
            session.Output.WriteLine(id);
        }

        if (arguments.Get(BuildFlags.IdFile) is { } idFile)
        {
            BuildFiles.Write(idFile, Encoding.ASCII.GetBytes(id));
        }

        if (arguments.Get(BuildFlags.MetadataFile) is { } metadataFile)
        {
            BuildFiles.Write(metadataFile, BuildMetadata.Text(metadata, [(null, _attesting?.Of([], null, time) ?? [])]));
        }
    }
}
