// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Export;
using Tare.Build.Solve;
using Tare.Cli.Arguments;
using Tare.Engine;
using Tare.Engine.Registries;
using Tare.Images;
using Tare.Images.Building;
using Tare.Images.Places;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Takes what a build made for several platforms where it is to go, as one index; and tells.</summary>
/// <param name="session">where to print</param>
/// <param name="engine">whose store</param>
/// <param name="arguments">of the verb</param>
/// <param name="printer">progress</param>
/// <param name="time">when the images were made</param>
internal sealed class BuildPlatforms(Session session, TareEngine engine, ParsedArguments arguments, BuildPrinter printer, BuildTime time)
{
    /// <exception cref="UsageException">an output has no place for several images</exception>
    public static void Refuse(IReadOnlyList<BuildOutput> outputs)
    {
        if (outputs.FirstOrDefault(static output => output.Kind is "docker" or "tar") is { } output)
        {
            throw new UsageException(
                output.Kind == "docker" ? "docker exporter does not currently support exporting manifest lists: use type=oci"
                    : "type=tar takes one platform: use type=local, which makes a folder for each", 1);
        }
    }

    public void Run(IReadOnlyList<BuiltPlatform> made, IReadOnlyList<BuildOutput> outputs)
    {
        foreach (BuiltPlatform one in made)
        {
            one.Attesting?.Look(engine.Images, one.Image.Layers);
        }

        using var repacking = new Repacking(engine.Images);
        BuildMetadata? metadata = null;
        foreach (BuildOutput output in outputs)
        {
            IReadOnlyList<Reference> names = [.. arguments.Get(BuildFlags.Tag).Concat(output.Names).Select(Reference.Parse).Distinct()];
            Descriptor? root = Export(made, output, names, repacking);
            metadata = root is null || metadata is { IsStored: true } || (metadata is not null && output.Kind != "image")
                ? metadata
                : new BuildMetadata(root, null, names) { IsStored = output.Kind == "image" };
        }

        if (metadata is null)
        {
            using BuiltIndex index = IndexOf(made, outputs[0], [], repacking);
            metadata = new BuildMetadata(index.Root, null, []);
        }

        Tell(made, metadata);
    }

    /// <summary>What names lead to; null: no image came of it.</summary>
    private Descriptor? Export(
        IReadOnlyList<BuiltPlatform> made, BuildOutput output, IReadOnlyList<Reference> names, Repacking repacking)
    {
        if (output.Kind == "cacheonly")
        {
            return null;
        }

        string id = $"export {output.Kind} {output.Place}";
        using BuiltIndex? index = output.IsImage ? IndexOf(made, output, names, repacking) : null;
        switch (output.Kind)
        {
            case "local":
                printer.Tell(new BuildEvent.Began(id, "exporting to client directory"));
                ToFolders(made, output.Place);
                break;
            case "oci":
                printer.Tell(new BuildEvent.Began(id, "exporting to oci image format"));
                ToLayout(index!, output, names);
                break;
            default:
                printer.Tell(new BuildEvent.Began(id, "exporting to image"));
                ToStore(index!, output, names, id);
                break;
        }

        printer.Tell(new BuildEvent.Ended(id));
        return index?.Root;
    }

    private BuiltIndex IndexOf(
        IReadOnlyList<BuiltPlatform> made, BuildOutput output, IReadOnlyList<Reference> names, Repacking repacking)
    {
        // what is said about an image is in OCI's documents alone
        bool isDocker = output.IsDocker && !output.Compression.WantsOci && made.All(static one => one.Attesting is null);
        BuildAnnotations[] given = [.. made.Select(one =>
            BuildAnnotations.Of(arguments.Get(BuildFlags.Annotation), one.Platform, output.Annotations))];
        IndexedImage EntryOf(BuiltPlatform one, BuildAnnotations notes)
        {
            IReadOnlyList<StoredLayer> layers = repacking.Apply(one.Image.Layers, one.Image.Inherited, output.Compression, session.Cancellation);
            var image = new BuiltImage(engine.Images, one.Image.Config, layers, notes.ManifestWith(one.CacheNotes), isDocker, repacking);
            return new IndexedImage(image, one.Platform)
            {
                Attestations = one.Attesting?.Of(names, image.Root.Digest, time) ?? [],
                Annotations = notes.Entry,
            };
        }

        return new BuiltIndex(
            [.. made.Zip(given, EntryOf)],
            given.SelectMany(static notes => notes.Index).DistinctBy(static pair => pair.Key).ToDictionary(StringComparer.Ordinal),
            isDocker);
    }

    private void ToStore(BuiltIndex index, BuildOutput output, IReadOnlyList<Reference> names, string id)
    {
        using (var sink = new StoreSink(engine.Images))
        {
            Copy(index, sink, names);
        }

        printer.Tell(new BuildEvent.Noted(id, $"exporting manifest list {index.Root.Digest} done"));
        foreach (Reference name in names)
        {
            printer.Tell(new BuildEvent.Noted(id, $"naming to {name} done"));
        }

        new BuildPush(session, engine, printer).Run(output, names, id);
    }

    /// <summary>As buildx: <c>linux_amd64</c>.</summary>
    private void ToFolders(IReadOnlyList<BuiltPlatform> made, string place)
    {
        foreach (BuiltPlatform one in made)
        {
            string folder = Path.Combine(place, one.Platform.ToString().Replace('/', '_'));
            TreeExport.ToFolder(engine.Images, one.Image.Layers, folder, session.Cancellation);
            BuildFiles.WriteStatements(folder, one.Attesting?.Of([], null, time) ?? []);
        }
    }

    private void ToLayout(BuiltIndex index, BuildOutput output, IReadOnlyList<Reference> names)
    {
        if (output.Place == "-")
        {
            throw new UsageException("dest=- is for type=tar; name a file", 1);
        }

        var place = new Place(
            output.IsFolder ? PlaceKind.Layout : PlaceKind.LayoutArchive, Path.GetFullPath(output.Place), names.Count == 0 ? null : names[0].Tag);
        using PlaceSink sink = PlaceSink.OpenAsync(place, place, RegistryAccess.Of(engine), () => engine.Images, session.Cancellation)
            .GetAwaiter().GetResult();
        Copy(index, sink.Sink, sink.Names);
    }

    private void Copy(BuiltIndex index, IImageSink sink, IReadOnlyList<Reference> names) =>
        Images.Copy.RunAsync(index, sink, new OfferedImage(index.Root, names), PlatformFilter.All, CopyLimits.Default, session.Cancellation)
            .GetAwaiter().GetResult();

    private void Tell(IReadOnlyList<BuiltPlatform> made, BuildMetadata metadata)
    {
        string digest = metadata.Root.Digest.ToString();
        if (arguments.Get(BuildFlags.Quiet))
        {
            session.Output.WriteLine(digest);
        }

        if (arguments.Get(BuildFlags.IdFile) is { } idFile)
        {
            BuildFiles.Write(idFile, Encoding.ASCII.GetBytes(digest));
        }

        if (arguments.Get(BuildFlags.MetadataFile) is { } metadataFile)
        {
            BuildFiles.Write(metadataFile, BuildMetadata.Text(
                metadata, made.Select(one => ((Platform?)one.Platform, one.Attesting?.Of([], null, time) ?? []))));
        }
    }
}
