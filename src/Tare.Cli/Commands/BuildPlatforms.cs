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

/// <summary>A build for several platforms: one after the other, then one index of all.</summary>
internal sealed class BuildPlatforms(Session session, TareEngine engine, ParsedArguments arguments, BuildPrinter printer)
{
    private const uint FileMode = 0b110_100_100;

    /// <summary>Builds all and takes them where they are to go; answers the exit code.</summary>
    /// <param name="runs">one for each platform; lent</param>
    /// <param name="outputs">where to</param>
    public int Build(IReadOnlyList<BuildRun> runs, IReadOnlyList<BuildOutput> outputs)
    {
        Refuse(outputs);
        List<(BuildRun Run, ImageAssembly Image)> made = [.. runs.Select(static run => (run, run.Make()))];
        foreach (BuildOutput output in outputs)
        {
            Export(made, output);
        }

        runs[0].ExportCache([.. made.SelectMany(static one => one.Image.Layers).DistinctBy(static layer => layer.Chain)]);
        printer.Finish();
        Tell(IndexOf(made, isDocker: false).Root);
        runs.ToList().ForEach(static run => run.PrintNotes());
        return 0;
    }

    private void Refuse(IReadOnlyList<BuildOutput> outputs)
    {
        if (ResultFlags.Attestations(arguments).IsAny)
        {
            throw new UsageException("--provenance and --sbom are for one platform: build each for itself", 1);
        }

        if (outputs.FirstOrDefault(static output => output.Kind is "docker" or "tar") is { } output)
        {
            throw new UsageException(
                output.Kind == "docker" ? "docker exporter does not currently support exporting manifest lists: use type=oci"
                    : "type=tar takes one platform: use type=local, which makes a folder for each", 1);
        }
    }

    private BuiltIndex IndexOf(IReadOnlyList<(BuildRun Run, ImageAssembly Image)> made, bool isDocker)
    {
        var given = BuildAnnotations.Of(arguments.Get(BuildFlags.Annotation), []);
        return new BuiltIndex(
            [.. made.Select(one => (
                new BuiltImage(engine.Images, one.Image.Config, one.Image.Layers, given.ManifestWith(one.Run.InlineCache(one.Image)), isDocker),
                one.Run.Target))],
            given.Index,
            isDocker);
    }

    private void Export(IReadOnlyList<(BuildRun Run, ImageAssembly Image)> made, BuildOutput output)
    {
        string id = $"export {output.Kind} {output.Place}";
        IReadOnlyList<Reference> names = [.. arguments.Get(BuildFlags.Tag).Concat(output.Names).Select(Reference.Parse).Distinct()];
        switch (output.Kind)
        {
            case "image":
                printer.Tell(new BuildEvent.Began(id, "exporting to image"));
                ToStore(made, output, names, id);
                break;
            case "local":
                printer.Tell(new BuildEvent.Began(id, "exporting to client directory"));
                ToFolders(made, output.Place);
                break;
            case "oci":
                printer.Tell(new BuildEvent.Began(id, "exporting to oci image format"));
                ToLayout(made, output, names);
                break;
            default:
                return;
        }

        printer.Tell(new BuildEvent.Ended(id));
    }

    private void ToStore(IReadOnlyList<(BuildRun Run, ImageAssembly Image)> made, BuildOutput output, IReadOnlyList<Reference> names, string id)
    {
        using BuiltIndex index = IndexOf(made, output.IsDocker);
        using (var sink = new StoreSink(engine.Images))
        {
            Copy(index, sink, names);
        }

        printer.Tell(new BuildEvent.Noted(id, $"exporting manifest list {index.Root.Digest} done"));
        new BuildPush(session, engine, printer).Run(output, names, id);
    }

    /// <summary>As buildx: <c>linux_amd64</c>.</summary>
    private void ToFolders(IReadOnlyList<(BuildRun Run, ImageAssembly Image)> made, string place)
    {
        foreach ((BuildRun run, ImageAssembly image) in made)
        {
            string folder = run.Target.ToString().Replace('/', '_');
            TreeExport.ToFolder(engine.Images, image.Layers, Path.Combine(place, folder), session.Cancellation);
        }
    }

    private void ToLayout(IReadOnlyList<(BuildRun Run, ImageAssembly Image)> made, BuildOutput output, IReadOnlyList<Reference> names)
    {
        if (output.Place == "-")
        {
            throw new UsageException("dest=- is for type=tar; name a file", 1);
        }

        using BuiltIndex index = IndexOf(made, output.IsDocker);
        var place = new Place(
            output.IsFolder ? PlaceKind.Layout : PlaceKind.LayoutArchive, Path.GetFullPath(output.Place), names.Count == 0 ? null : names[0].Tag);
        using PlaceSink sink = PlaceSink.OpenAsync(place, place, RegistryAccess.Of(engine), () => engine.Images, session.Cancellation)
            .GetAwaiter().GetResult();
        Copy(index, sink.Sink, sink.Names);
    }

    private void Copy(BuiltIndex index, IImageSink sink, IReadOnlyList<Reference> names) =>
        Images.Copy.RunAsync(index, sink, new OfferedImage(index.Root, names), PlatformFilter.All, CopyLimits.Default, session.Cancellation)
            .GetAwaiter().GetResult();

    private void Tell(Descriptor root)
    {
        if (arguments.Get(BuildFlags.Quiet))
        {
            session.Output.WriteLine(root.Digest.ToString());
        }

        if (arguments.Get(BuildFlags.IdFile) is { } idFile)
        {
            Write(idFile, Encoding.ASCII.GetBytes(root.Digest.ToString()));
        }

        if (arguments.Get(BuildFlags.MetadataFile) is { } metadataFile)
        {
            JsonElement metadata = Json.Build(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("containerimage.descriptor");
                writer.WriteString("mediaType", root.MediaType);
                writer.WriteString("digest", root.Digest.ToString());
                writer.WriteNumber("size", root.Size);
                writer.WriteEndObject();
                writer.WriteString("containerimage.digest", root.Digest.ToString());
                writer.WriteEndObject();
            });
            Write(metadataFile, Encoding.UTF8.GetBytes(Json.Pretty(metadata) + "\n"));
        }
    }

    private static void Write(string path, byte[] bytes)
    {
        using Fd file = HostPath.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, FileMode);
        file.Write(bytes);
    }
}
