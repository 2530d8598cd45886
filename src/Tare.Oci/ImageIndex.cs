// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>A list of manifests (or further lists), usually one image for several platforms.</summary>
/// <remarks>image-spec image-index.md; Docker's manifest list is the same shape.</remarks>
internal sealed record ImageIndex(int SchemaVersion)
{
    /// <summary>Bytes of an index document; what registries accept.</summary>
    public const int MaxBytes = 4 << 20;

    private const int Version = 2;

    private static readonly DocumentShape<ImageIndex> Shape = new(
        "image index",
        MaxBytes,
        static bytes => JsonSerializer.Deserialize(bytes, OciJson.Default.ImageIndex),
        Required: ["schemaVersion", "manifests"],
        Forbidden: ["config", "layers", "fsLayers"]);

    /// <summary>Must be there in Docker's lists, may be missing in OCI's.</summary>
    [JsonPropertyOrder(-1)]
    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    [AllowNull]
    public IReadOnlyList<Descriptor> Manifests { get; init => field = value ?? []; } = [];

    /// <summary>The manifest that this index says something about.</summary>
    public Descriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Parses an index that no descriptor names, such as a layout's <c>index.json</c>.</summary>
    /// <exception cref="TareException">Corrupt when it is malformed, ResourceExhausted when too large</exception>
    public static ImageIndex Parse(ReadOnlySpan<byte> bytes)
    {
        ImageIndex index = Document.Parse(bytes, Shape);
        if (index.SchemaVersion != Version)
        {
            throw new TareException(
                ErrorKind.NotSupported, $"{Shape.Noun}: schema version {index.SchemaVersion}, want {Version}");
        }
        if (index.MediaType is not null && Oci.MediaType.KindOf(index.MediaType) != ContentKind.Index)
        {
            throw new TareException(ErrorKind.Corrupt, $"{Shape.Noun}: says it is {Quoted.Text(index.MediaType)}");
        }
        Document.CheckAll(Shape.Noun, "manifests", index.Manifests);
        index.Subject?.Check($"{Shape.Noun}: subject");
        return index;
    }

    /// <summary>Parses an index fetched for its descriptor; the caller has verified the digest.</summary>
    /// <exception cref="TareException">as above; Corrupt when body and descriptor disagree</exception>
    public static Blob<ImageIndex> Parse(ReadOnlyMemory<byte> bytes, Descriptor named)
    {
        ImageIndex index = Parse(bytes.Span);
        Document.CheckNamed(Shape.Noun, index.MediaType, bytes.Length, named, ContentKind.Index);
        return new(bytes, named.Digest, index);
    }

    /// <summary>What runs on the host, best first (earlier entries win a draw); entries that name no platform come
    /// last.</summary>
    /// <remarks>Attestations say <c>unknown/unknown</c> and so never match.</remarks>
    public IReadOnlyList<Descriptor> For(Platform host)
    {
        const int Unnamed = int.MaxValue;
        return [.. Manifests
            .Select(d => (Descriptor: d, Rank: d.Platform is null ? Unnamed : host.Rank(d.Platform)))
            .Where(static x => x.Rank is not null)
            .OrderBy(static x => x.Rank)
            .Select(static x => x.Descriptor)];
    }

    /// <summary>The document's bytes, for images that we make; fetched ones keep the bytes they came with.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, OciJson.Writer.ImageIndex);
}
