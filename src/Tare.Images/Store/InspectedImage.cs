// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>What <c>image inspect</c> shows; members and their order are docker's.</summary>
internal sealed record InspectedImage(string Id)
{
    public IReadOnlyList<string> RepoTags { get; init; } = [];

    public IReadOnlyList<string> RepoDigests { get; init; } = [];

    public string Parent { get; init; } = "";

    public string Comment { get; init; } = "";

    public string? Created { get; init; }

    public string DockerVersion { get; init; } = "";

    public string Author { get; init; } = "";

    public RunConfig Config { get; init; } = new();

    public string Architecture { get; init; } = "";

    public string? Variant { get; init; }

    public string Os { get; init; } = "";

    public string? OsVersion { get; init; }

    /// <summary>Bytes of the files.</summary>
    public long Size { get; init; }

    public InspectedDriver GraphDriver { get; init; } = new("overlayfs");

    public InspectedRootFs RootFS { get; init; } = new("layers", []);

    public InspectedDescriptor? Descriptor { get; init; }

    internal static InspectedImage Of(StoredImage image, IReadOnlyList<Reference> names)
    {
        ImageConfig config = image.Config;
        return new InspectedImage(image.Id.ToString())
        {
            RepoTags = [.. names.Where(static n => n.Tag is not null).Select(static n => $"{n.FamiliarName}:{n.Tag}")],
            RepoDigests = [.. names.Where(static n => n.Digest is not null).Select(static n => $"{n.FamiliarName}@{n.Digest}")],
            Comment = config.History.Count > 0 ? config.History[^1].Comment ?? "" : "",
            Created = config.Created,
            DockerVersion = config.DockerVersion ?? "",
            Author = config.Author ?? "",
            Config = config.Config,
            Architecture = config.Architecture,
            Variant = config.Variant,
            Os = config.Os,
            OsVersion = config.OsVersion,
            Size = image.Size,
            RootFS = new InspectedRootFs("layers", [.. image.Layers.Select(static l => l.DiffId.ToString())]),
            Descriptor = new InspectedDescriptor(image.Manifest.MediaType, image.Manifest.Digest.ToString(), image.Manifest.Size),
        };
    }

    /// <summary>The array that <c>inspect</c> prints, indented by four spaces.</summary>
    public static string ToJson(IReadOnlyList<InspectedImage> images) =>
        JsonSerializer.Serialize([.. images], InspectJson.Writer.ListInspectedImage);

    /// <summary>This image alone on one line, for <c>--format</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, InspectJson.Line.InspectedImage);
}

/// <summary>How the layers are stored.</summary>
internal sealed record InspectedDriver(string Name)
{
    public IReadOnlyDictionary<string, string>? Data { get; init; }
}

/// <summary>The layers by DiffId, bottom first.</summary>
internal sealed record InspectedRootFs(string Type, IReadOnlyList<string> Layers);

/// <summary>The manifest; docker spells these members as OCI does.</summary>
internal sealed record InspectedDescriptor(
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("size")] long Size);

/// <summary>How <see cref="InspectedImage"/> is written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TextListJson), typeof(TextMapJson)])]
[JsonSerializable(typeof(List<InspectedImage>))]
internal sealed partial class InspectJson : JsonSerializerContext
{
    private const int Indent = 4;

    public static InspectJson Writer => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        IndentSize = Indent,
    });

    public static InspectJson Line => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
