// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Tare.Oci;

namespace Tare.Build.Cache;

/// <summary>An exported build cache: which keys lead to which layers.</summary>
/// <remarks>docs/build-cache.md. The config of an artifact, or, of an image, an annotation of its manifest.</remarks>
/// <param name="Version">of this form</param>
internal sealed record CacheDocument(int Version)
{
    /// <summary>The artifact type of a manifest.</summary>
    public const string ArtifactType = "application/vnd.tare.buildcache.v1";

    /// <summary>The media type of its config.</summary>
    public const string MediaType = "application/vnd.tare.buildcache.config.v1+json";

    /// <summary>The annotation of an image that carries its own cache.</summary>
    public const string Annotation = "io.tare.buildcache.v1";

    /// <summary>Bytes of a document.</summary>
    public const int MaxBytes = 64 << 20;

    private const int CurrentVersion = 1;

    [AllowNull]
    public IReadOnlyList<CachedStep> Steps { get; init => field = value ?? []; } = [];

    [AllowNull]
    public IReadOnlyList<CachedMount> Mounts { get; init => field = value ?? []; } = [];

    public static CacheDocument Of(IReadOnlyList<CachedStep> steps, IReadOnlyList<CachedMount> mounts) =>
        new(CurrentVersion) { Steps = steps, Mounts = mounts };

    /// <exception cref="TareException">Corrupt; NotSupported for another version</exception>
    public static CacheDocument Parse(ReadOnlySpan<byte> bytes)
    {
        CacheDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(bytes, CacheJson.Default.CacheDocument);
        }
        catch (JsonException e)
        {
            throw new TareException(ErrorKind.Corrupt, $"build cache: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }

        return document is null || !IsWhole(document) ? throw new TareException(ErrorKind.Corrupt, "build cache: a part of it is missing")
            : document.Version == CurrentVersion ? document
            : throw new TareException(ErrorKind.NotSupported, $"build cache: version {document.Version}, this one reads {CurrentVersion}");
    }

    /// <summary>JSON has null where nobody wants it.</summary>
    private static bool IsWhole(CacheDocument document) =>
        document.Steps.All(static step => step is not null && step.Keys.All(static key => key is not null))
        && document.Mounts.All(static mount => mount is not null);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, CacheJson.Default.CacheDocument);
}

/// <summary>A step whose result is known.</summary>
/// <param name="Keys">that lead to it, sorted</param>
internal sealed record CachedStep(IReadOnlyList<string> Keys)
{
    /// <summary>Of the layer's stored bytes, one of the manifest's layers; null: the step changed nothing.</summary>
    public Digest? Blob { get; init; }

    /// <summary>Of what is inside.</summary>
    public Digest? DiffId { get; init; }

    /// <summary><see cref="StepInputs"/> in their stored form, for <c>--explain</c>.</summary>
    public byte[]? Inputs { get; init; }
}

/// <summary>The content of a cache mount.</summary>
/// <param name="Id">as RUN --mount names it</param>
/// <param name="Blob">a packed tar, one of the manifest's layers</param>
internal sealed record CachedMount(string Id, Digest Blob);
