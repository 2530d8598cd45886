// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Build.Export;
using Tare.Build.Solve;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
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
internal sealed class BuildExport(Session session, TareEngine engine, ParsedArguments arguments, BuildPrinter printer)
{
    private const string Id = "export";
    private const uint FileMode = 0b110_100_100;

    /// <summary>Annotations for a cache that the image carries.</summary>
    public IReadOnlyDictionary<string, string> CacheNotes { get; init; } = new Dictionary<string, string>();

    public void Run(ImageAssembly image, IReadOnlyList<BuildOutput> outputs)
    {
        Dictionary<string, string> annotations = Annotations(arguments);
        foreach ((string name, string value) in CacheNotes)
        {
            annotations[name] = value;
        }

        using var plain = new BuiltImage(engine.Images, image.Config, image.Layers, annotations);
        foreach (BuildOutput output in outputs)
        {
            using var built = new BuiltImage(
                engine.Images, image.Config, image.Layers, annotations, output.IsDocker || output.Kind == "docker");
            IReadOnlyList<Reference> names = [.. arguments.Get(BuildFlags.Tag).Concat(output.Names).Select(Reference.Parse).Distinct()];
            Export(image, built, output, names);
        }

        Tell(plain);
    }

    private void Export(ImageAssembly image, BuiltImage built, BuildOutput output, IReadOnlyList<Reference> names)
    {
        string id = $"{Id} {output.Kind} {output.Place}";
        switch (output.Kind)
        {
            case "image":
                printer.Tell(new BuildEvent.Began(id, "exporting to image"));
                ToStore(built, names, id);
                Push(output, names, id);
                break;
            case "local":
                printer.Tell(new BuildEvent.Began(id, "exporting to client directory"));
                TreeExport.ToFolder(engine.Images, image.Layers, output.Place, session.Cancellation);
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

    private void ToStore(BuiltImage built, IReadOnlyList<Reference> names, string id)
    {
        printer.Tell(new BuildEvent.Noted(id, "exporting layers done"));
        if (!IsThere(built, names))
        {
            using var sink = new StoreSink(engine.Images);
            Copy(built, sink, names);
        }

        printer.Tell(new BuildEvent.Noted(id, $"writing image {built.Config.Digest} done"));
        foreach (Reference name in names)
        {
            printer.Tell(new BuildEvent.Noted(id, $"naming to {name} done"));
        }
    }

    /// <summary>Nothing has changed since it was built last: then nothing is written.</summary>
    private bool IsThere(BuiltImage built, IReadOnlyList<Reference> names) =>
        engine.Images.Catalog.FindRoot(built.Root.Digest) is not null
        && names.All(name => engine.Images.Catalog.FindName(name.ToString()) == built.Root.Digest);

    private void Push(BuildOutput output, IReadOnlyList<Reference> names, string id)
    {
        if (!output.Pushes)
        {
            return;
        }

        if (names.Count == 0)
        {
            throw new UsageException("tag is needed when pushing to registry", 1);
        }

        foreach (Reference name in names)
        {
            RegistryAccess.Push(engine, static (_, _, _) => { }).RunAsync(name, session.Cancellation).GetAwaiter().GetResult();
            printer.Tell(new BuildEvent.Noted(id, $"pushing {name} done"));
        }
    }

    private void ToTar(ImageAssembly image, string place)
    {
        using Fd file = place == "-"
            ? Session.OpenOutput()
            : HostPath.Open(place, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, FileMode);
        TreeExport.ToTar(engine.Images, image.Layers, file, session.Cancellation);
    }

    private void ToPlace(BuiltImage built, BuildOutput output, IReadOnlyList<Reference> names)
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

    private void Copy(BuiltImage built, IImageSink sink, IReadOnlyList<Reference> names) =>
        Images.Copy.RunAsync(built, sink, new OfferedImage(built.Root, names), PlatformFilter.All, CopyLimits.Default, session.Cancellation)
            .GetAwaiter().GetResult();

    /// <summary>Those of the manifest.</summary>
    public static Dictionary<string, string> Annotations(ParsedArguments arguments) => BuildFlags.Pairs(
        [.. arguments.Get(BuildFlags.Annotation).Select(static text => text.StartsWith("manifest:", StringComparison.Ordinal) ? text[9..] : text)],
        fromEnvironment: false);

    private void Tell(BuiltImage built)
    {
        string id = built.Config.Digest.ToString();
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
            JsonElement metadata = Json.Build(writer => WriteMetadata(writer, built));
            Write(metadataFile, Encoding.UTF8.GetBytes(Json.Pretty(metadata) + "\n"));
        }
    }

    private void WriteMetadata(Utf8JsonWriter writer, BuiltImage built)
    {
        writer.WriteStartObject();
        writer.WriteString("containerimage.config.digest", built.Config.Digest.ToString());
        writer.WriteStartObject("containerimage.descriptor");
        writer.WriteString("mediaType", built.Root.MediaType);
        writer.WriteString("digest", built.Root.Digest.ToString());
        writer.WriteNumber("size", built.Root.Size);
        writer.WriteEndObject();
        writer.WriteString("containerimage.digest", built.Root.Digest.ToString());
        if (arguments.Get(BuildFlags.Tag) is { Count: > 0 } tags)
        {
            writer.WriteString("image.name", string.Join(',', tags.Select(static tag => Reference.Parse(tag).ToString())));
        }

        writer.WriteEndObject();
    }

    private static void Write(string path, byte[] bytes)
    {
        using Fd file = HostPath.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, FileMode);
        file.Write(bytes);
    }
}
