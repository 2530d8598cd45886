// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Volumes;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare volume inspect</c>.</summary>
internal static class VolumeInspectVerb
{
    private static readonly Flag<string?> Format =
        Flag.Text("-f, --format", "string", "Format output using a custom template: 'json' or a Go template");

    public static Verb Create() => new("Display detailed information on one or more volumes", "[OPTIONS] VOLUME [VOLUME...]", Act)
    {
        Flags = [Format],
        MinOperands = 1,
        Examples = [("tare volume inspect -f '{{.Mountpoint}}' data", "where its files are")],
    };

    public static TareException NoSuchVolume(string name) =>
        new(ErrorKind.NotFound, $"get {name}: no such volume", "see what there is with: tare volume ls");

    private static int Act(Session session, ParsedArguments arguments) => InspectVerb.ActOnEach(
        session,
        arguments,
        arguments.Get(Format),
        static (engine, name) => engine.Volumes.Find(name) is { } volume ? Document(engine, volume) : null,
        NoSuchVolume);

    private static JsonElement Document(TareEngine engine, VolumeRow volume) => Json.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("CreatedAt", volume.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("Driver", "local");
        WriteLabels(writer, volume);
        writer.WriteString("Mountpoint", engine.Folders.VolumePath(volume.Name));
        writer.WriteString("Name", volume.Name);
        writer.WriteNull("Options");
        writer.WriteString("Scope", "local");
        writer.WriteEndObject();
    });

    private static void WriteLabels(Utf8JsonWriter writer, VolumeRow volume)
    {
        if (volume.Labels.Count == 0)
        {
            writer.WriteNull("Labels");
            return;
        }

        writer.WriteStartObject("Labels");
        foreach ((string key, string value) in volume.Labels.OrderBy(static label => label.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
