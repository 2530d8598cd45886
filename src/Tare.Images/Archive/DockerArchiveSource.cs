// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Images.Store;
using Tare.Linux.Compression;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>A docker archive (<c>docker save</c> before version 25, podman, skopeo, kaniko) as a source.</summary>
/// <remarks>
/// Such an archive has no manifest: one is made from the config and the layers, always the same one for the same image.
/// The digest of a plain layer is its DiffId and is verified when it is read; a compressed layer is hashed first.
/// </remarks>
internal sealed class DockerArchiveSource : IImageSource
{
    public const string ManifestName = "manifest.json";
    private const int MaxManifestBytes = 4 << 20;
    private const int MaxImages = 1024;
    private readonly IArchiveFiles _files;
    private readonly List<OfferedImage> _offered = [];
    private readonly Dictionary<Digest, byte[]> _documents = [];
    private readonly Dictionary<Digest, string> _layers = [];

    /// <summary>Reads what the archive offers. Takes the files over.</summary>
    /// <exception cref="TareException">Corrupt, ResourceExhausted, NotSupported</exception>
    public DockerArchiveSource(IArchiveFiles files)
    {
        _files = files;
        List<DockerManifest> images = ReadManifest();
        if (images.Count > MaxImages)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"{ManifestName}: {images.Count} images, more than {MaxImages}");
        }
        foreach (DockerManifest image in images)
        {
            Descriptor root = Describe(image);
            _offered.Add(new OfferedImage(root, [.. (image.RepoTags ?? []).Select(ParseName)]));
        }
    }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OfferedImage>>(_offered);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) =>
        Task.FromResult(_offered.Find(o => o.Names.Contains(name))?.Root);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct) => Task.FromResult(
        _documents.TryGetValue(content.Digest, out byte[]? document) ? new MemoryStream(document, writable: false)
        : _layers.TryGetValue(content.Digest, out string? name) ? _files.TryOpen(name)
        : null);

    public void Dispose() => _files.Dispose();

    private List<DockerManifest> ReadManifest()
    {
        byte[] bytes = _files.TryReadAll(ManifestName, MaxManifestBytes) ?? [];
        try
        {
            return JsonSerializer.Deserialize(bytes, DockerArchiveJson.Default.ListDockerManifest) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new TareException(
                ErrorKind.Corrupt, $"{ManifestName} is malformed: {e.Message.ReplaceLineEndings(" ")}", inner: e);
        }
    }

    /// <summary>Reads an image's config, makes its manifest and remembers both.</summary>
    private Descriptor Describe(DockerManifest? image)
    {
        if (image is null)
        {
            throw new TareException(ErrorKind.Corrupt, $"{ManifestName}: an image is null");
        }
        byte[] configBytes = _files.TryReadAll(image.Config, ImageConfig.MaxBytes)
            ?? throw new TareException(ErrorKind.Corrupt, $"config {Quoted.Text(image.Config)} is not in the archive");
        Descriptor config = Remember(configBytes, MediaType.OciConfig);
        IReadOnlyList<DiffId> diffIds = Parse(configBytes, image.Config).RootFs.DiffIds;
        IReadOnlyList<string> layers = image.Layers ?? [];
        if (layers.Count != diffIds.Count)
        {
            throw new TareException(
                ErrorKind.Corrupt, $"{ManifestName}: {layers.Count} layers, config {Quoted.Text(image.Config)} has {diffIds.Count}");
        }
        var manifest = new ImageManifest(2, config)
        {
            MediaType = MediaType.OciManifest,
            Layers = [.. layers.Select((name, i) => DescribeLayer(name, diffIds[i]))],
        };
        return Remember(manifest.ToBytes(), MediaType.OciManifest);
    }

    private static ImageConfig Parse(byte[] bytes, string name)
    {
        try
        {
            return ImageConfig.Parse(bytes);
        }
        catch (TareException e)
        {
            throw new TareException(e.Kind, $"{Quoted.Text(name)}: {e.Message}", inner: e);
        }
    }

    private Descriptor DescribeLayer(string? name, DiffId diffId)
    {
        if (name is null || _files.TrySize(name) is not { } size)
        {
            throw new TareException(ErrorKind.Corrupt, $"layer {Quoted.Text(name)} is not in the archive");
        }
        using Stream bytes = _files.TryOpen(name)!;
        byte[] start = new byte[Unpacking.MagicBytes];
        int count = bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        CompressionFormat format = Unpacking.Detect(start.AsSpan(0, count));
        string mediaType = format switch
        {
            CompressionFormat.None => MediaType.OciLayer,
            CompressionFormat.Gzip => MediaType.OciLayerGzip,
            CompressionFormat.Zstd => MediaType.OciLayerZstd,
            _ => throw new TareException(
                ErrorKind.NotSupported, $"layer {Quoted.Text(name)}: no manifest can name a layer compressed with {format}"),
        };
        Digest digest = format == CompressionFormat.None ? diffId.Digest : HashOf(name);
        _layers[digest] = name;
        return new Descriptor(mediaType, digest, size);
    }

    private Digest HashOf(string name)
    {
        using Stream bytes = _files.TryOpen(name)!;
        using var hashed = new HashingStream(bytes, HashAlgorithm.Sha256);
        hashed.CopyTo(Stream.Null, 1 << 18);
        return hashed.Finish();
    }

    private Descriptor Remember(byte[] document, string mediaType)
    {
        Digest digest = Digest.Of(document);
        _documents[digest] = document;
        return new Descriptor(mediaType, digest, document.Length);
    }

    private static Reference ParseName(string? text)
    {
        try
        {
            return Reference.Parse(text ?? "");
        }
        catch (TareException e)
        {
            throw new TareException(ErrorKind.Corrupt, $"{ManifestName}: RepoTags: {e.Message}", inner: e);
        }
    }
}
