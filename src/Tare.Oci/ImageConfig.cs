// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>An image's config: its platform, its layers, how it was made and how its containers run.</summary>
/// <remarks>image-spec config.md, with Docker's extras. Its digest is the image ID.</remarks>
internal sealed record ImageConfig(string Architecture, string Os)
{
    /// <summary>Bytes of a config document; registries and builders stay far below.</summary>
    public const int MaxBytes = 4 << 20;

    private static readonly DocumentShape<ImageConfig> Shape = new(
        "image config",
        MaxBytes,
        ImageConfigReader.Read,
        Required: ["architecture", "os", "rootfs"],
        Forbidden: ["layers", "manifests", "fsLayers"]);

    public string? Variant { get; init; }

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>RFC 3339, kept as it was written; see <see cref="Timestamp"/>.</summary>
    public string? Created { get; init; }

    public string? Author { get; init; }

    /// <summary>How containers run; an empty one when the document has none.</summary>
    [AllowNull]
    public RunConfig Config { get; init => field = value ?? new(); } = new();

    [AllowNull]
    [JsonPropertyName("rootfs")]
    public RootFs RootFs { get; init => field = value ?? new(); } = new();

    [AllowNull]
    public IReadOnlyList<History> History { get; init => field = value ?? []; } = [];

    /// <summary>The version of Docker that made the image.</summary>
    [JsonPropertyName("docker_version")]
    public string? DockerVersion { get; init; }

    /// <summary>Members that we do not know (Docker's container, container_config …), kept for derived
    /// images.</summary>
    /// <remarks>Settable because the generated code cannot fill init-only extension data.</remarks>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }

    /// <summary>The platform, normalised.</summary>
    [JsonIgnore]
    public Platform Platform => new Platform(Architecture, Os)
    {
        Variant = Variant,
        OsVersion = OsVersion,
        OsFeatures = OsFeatures,
    }.Normalize();

    /// <summary>Parses a config document.</summary>
    /// <exception cref="TareException">Corrupt when it is malformed or too large</exception>
    public static ImageConfig Parse(ReadOnlySpan<byte> bytes)
    {
        ImageConfig config = Document.Parse(bytes, Shape);
        if (config.RootFs.Type != RootFs.Layers)
        {
            throw new TareException(
                ErrorKind.Corrupt, $"{Shape.Noun}: rootfs is of type {Quoted.Text(config.RootFs.Type)}");
        }
        return config;
    }

    /// <summary>Parses a config whose digest the caller has verified (or stored verified).</summary>
    /// <exception cref="TareException">Corrupt when it is malformed or too large</exception>
    public static Blob<ImageConfig> Parse(ReadOnlyMemory<byte> bytes, Digest digest) =>
        new(bytes, digest, Parse(bytes.Span));

    /// <summary>The document's bytes, for images that we make; fetched ones keep the bytes they came with.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, OciJson.Writer.ImageConfig);
}
