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
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Takes what a build made where it is to go, and tells.</summary>
/// <param name="session">where to print</param>
/// <param name="engine">whose store</param>
/// <param name="arguments">of the verb</param>
/// <param name="printer">progress</param>
/// <param name="attesting">says something about the image; null: nothing is said</param>
/// <param name="time">when the image was made</param>
internal sealed class BuildExport(
    Session session, TareEngine engine, ParsedArguments arguments, BuildPrinter printer, Attesting? attesting, BuildTime time)
{
    private const string Id = "export";
    private const uint FileMode = 0b110_100_100;

    /// <summary>Annotations for a cache that the image carries.</summary>
    public IReadOnlyDictionary<string, string> CacheNotes { get; init; } = new Dictionary<string, string>();

    public void Run(ImageAssembly image, IReadOnlyList<BuildOutput> outputs)
    {
        attesting?.Look(engine.Images, image.Layers);
        BuildMetadata? metadata = null;
        foreach (BuildOutput output in outputs)
        {
            IReadOnlyList<Reference> names = [.. arguments.Get(BuildFlags.Tag).Concat(output.Names).Select(Reference.Parse).Distinct()];
            using BuiltResult built = Describe(image, output, names);
            Export(image, built, output, names);
            metadata = BuildMetadata.Better(metadata, output, built, names);
        }

        Tell(image, metadata);
    }

    /// <summary>The documents of the image as this output wants them.</summary>
    private BuiltResult Describe(ImageAssembly image, BuildOutput output, IReadOnlyList<Reference> names)
    {
        var annotations = BuildAnnotations.Of(arguments.Get(BuildFlags.Annotation), output.Annotations);

        // an archive of docker's holds one manifest: nothing can be said beside it
        bool isAttested = attesting is not null && output is { IsImage: true, Kind: not "docker" };
        if (annotations.Index.Count > 0 && !isAttested && output is { IsImage: true, Kind: not "docker" })
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "index annotations not supported for single platform export", "an image with --provenance or --sbom has an index");
        }

        bool isDocker = (output.IsDocker && !isAttested) || output.Kind == "docker";
        var built = new BuiltImage(engine.Images, image.Config, image.Layers, annotations.ManifestWith(CacheNotes), isDocker);
        if (!isAttested)
        {
            return new BuiltResult(built, null);
        }

        var attested = new AttestedImage(built, image.Config.Platform, attesting!.Of(names, built.Root.Digest, time));
        attested.Annotate(annotations.Index, annotations.Entry);
        return new BuiltResult(built, attested);
    }

    private void Export(ImageAssembly image, BuiltResult built, BuildOutput output, IReadOnlyList<Reference> names)
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
                TreeExport.ToFolder(engine.Images, image.Layers, output.Place, session.Cancellation);
                WriteStatements(output.Place);
                break;
            case "tar":
                printer.Tell(new BuildEvent.Began(id, "exporting to client tarball"));
                ToTar(image, output.Place);
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

    /// <summary>As BuildKit: beside the files.</summary>
    private void WriteStatements(string folder)
    {
        foreach (Attestation one in attesting?.Of([], null, time) ?? [])
        {
            string name = one.PredicateType == SpdxDocument.PredicateType ? "sbom.spdx.json" : "provenance.json";
            Write(Path.Combine(folder, name), one.Statement);
        }
    }

    private void ToTar(ImageAssembly image, string place)
    {
        using Fd file = place == "-"
            ? Session.OpenOutput()
            : HostPath.Open(place, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, FileMode);
        TreeExport.ToTar(engine.Images, image.Layers, file, session.Cancellation);
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

    private void Tell(ImageAssembly image, BuildMetadata? metadata)
    {
        string id = Digest.Of(image.Config.ToBytes()).ToString();
        if (arguments.Get(BuildFlags.Quiet))
        {
            session.Output.WriteLine(id);
        }

        if (arguments.Get(BuildFlags.IdFile) is { } idFile)
        {
            Write(idFile, Encoding.ASCII.GetBytes(id));
        }

        if (arguments.Get(BuildFlags.MetadataFile) is { } metadataFile)
        {
            Write(metadataFile, BuildMetadata.Text(metadata, attesting?.Of([], null, time) ?? []));
        }
    }

    private static void Write(string path, byte[] bytes)
    {
        using Fd file = HostPath.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, FileMode);
        file.Write(bytes);
    }
}
