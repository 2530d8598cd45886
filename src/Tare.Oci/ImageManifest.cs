// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>One image for one platform: its config and its layers, bottom first.</summary>
/// <remarks>image-spec manifest.md#image-manifest-property-descriptions; Docker's v2 schema 2 is the same
/// shape.</remarks>
internal sealed record ImageManifest(int SchemaVersion, Descriptor Config)
{
    /// <summary>Bytes of a manifest document; what registries accept.</summary>
    public const int MaxBytes = 4 << 20;

    private const int Version = 2;

    private static readonly DocumentShape<ImageManifest> Shape = new(
        "image manifest",
        MaxBytes,
        static bytes => JsonSerializer.Deserialize(bytes, OciJson.Default.ImageManifest),
        Required: ["schemaVersion", "config", "layers"],
        Forbidden: ["manifests", "fsLayers"]);

    /// <summary>Must be there in Docker's manifests, may be missing in OCI's.</summary>
    [JsonPropertyOrder(-1)]
    public string? MediaType { get; init; }

    /// <summary>Set when the manifest is of an artifact, not of an image.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Bottom first.</summary>
    [AllowNull]
    public IReadOnlyList<Descriptor> Layers { get; init => field = value ?? []; } = [];

    /// <summary>The manifest that this one says something about (signatures, attestations).</summary>
    public Descriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Parses a manifest that no descriptor names.</summary>
    /// <exception cref="TareException">Corrupt when it is malformed, ResourceExhausted when too large</exception>
    public static ImageManifest Parse(ReadOnlySpan<byte> bytes)
    {
        ImageManifest manifest = Document.Parse(bytes, Shape);
        if (manifest.SchemaVersion != Version)
        {
            throw new TareException(
                ErrorKind.NotSupported, $"{Shape.Noun}: schema version {manifest.SchemaVersion}, want {Version}");
        }
        if (manifest.MediaType is not null && Oci.MediaType.KindOf(manifest.MediaType) != ContentKind.Manifest)
        {
            throw new TareException(ErrorKind.Corrupt, $"{Shape.Noun}: says it is {Quoted.Text(manifest.MediaType)}");
        }
        Document.Check($"{Shape.Noun}: config", manifest.Config);
        Document.CheckAll(Shape.Noun, "layers", manifest.Layers);
        manifest.Subject?.Check($"{Shape.Noun}: subject");
        return manifest;
    }

    /// <summary>Parses a manifest fetched for its descriptor; the caller has verified the digest.</summary>
    /// <exception cref="TareException">as above; Corrupt when body and descriptor disagree</exception>
    public static Blob<ImageManifest> Parse(ReadOnlyMemory<byte> bytes, Descriptor named)
    {
        ImageManifest manifest = Parse(bytes.Span);
        Document.CheckNamed(Shape.Noun, manifest.MediaType, bytes.Length, named, ContentKind.Manifest);
        return new(bytes, named.Digest, manifest);
    }

    /// <summary>The document's bytes, for images that we make; fetched ones keep the bytes they came with.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, OciJson.Writer.ImageManifest);
}
