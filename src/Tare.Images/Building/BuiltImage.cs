// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>Documents made for layers of the store, as a source of one image.</summary>
internal sealed class BuiltImage : IImageSource
{
    private readonly ImageStore _store;
    private readonly Repacking? _repacked;
    private readonly Dictionary<Digest, byte[]> _documents = [];

    /// <param name="store">has the layers; lent</param>
    /// <param name="config">whose rootfs names <paramref name="layers"/></param>
    /// <param name="layers">bottom first</param>
    /// <param name="annotations">of the manifest; null: none</param>
    /// <param name="asDocker">docker's media types instead of OCI's</param>
    /// <param name="repacked">has the blobs of layers that are packed otherwise than in the store; lent; null: there are none</param>
    public BuiltImage(
        ImageStore store, ImageConfig config, IReadOnlyList<StoredLayer> layers,
        IReadOnlyDictionary<string, string>? annotations = null, bool asDocker = false, Repacking? repacked = null)
    {
        (_store, _repacked) = (store, repacked);
        Config = Remember(config.ToBytes(), asDocker ? MediaType.DockerConfig : MediaType.OciConfig);
        string type = asDocker ? MediaType.DockerManifest : MediaType.OciManifest;
        var manifest = new ImageManifest(2, Config)
        {
            MediaType = type,
            Layers = [.. layers.Select(layer => asDocker ? AsDocker(layer.Blob) : AsOci(layer.Blob))],
            Annotations = annotations is { Count: > 0 } ? annotations : null,
        };
        Root = Remember(manifest.ToBytes(), type);
    }

    /// <summary>The manifest.</summary>
    public Descriptor Root { get; }

    /// <summary>The config: its digest is the image's ID.</summary>
    public Descriptor Config { get; }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OfferedImage>>([new OfferedImage(Root, [])]);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => Task.FromResult<Descriptor?>(null);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct)
    {
        if (_documents.TryGetValue(content.Digest, out byte[]? document))
        {
            return Task.FromResult<Stream?>(new MemoryStream(document, writable: false));
        }

        if (_repacked?.TryOpen(content) is { } made)
        {
            return Task.FromResult<Stream?>(made);
        }

        Fd? file = _store.Blobs.TryOpen(content.Digest);
        return Task.FromResult<Stream?>(file is null ? null : new FdStream(file));
    }

    public void Dispose()
    {
    }

    private static Descriptor AsDocker(Descriptor blob) => Plain(blob) with
    {
        MediaType = blob.MediaType switch
        {
            MediaType.OciLayer => MediaType.DockerLayer,
            MediaType.OciLayerGzip => MediaType.DockerLayerGzip,
            MediaType.OciLayerZstd => MediaType.DockerLayerZstd,
            _ => blob.MediaType,
        },
    };

    private static Descriptor AsOci(Descriptor blob) => Plain(blob) with
    {
        MediaType = blob.MediaType switch
        {
            MediaType.DockerLayer => MediaType.OciLayer,
            MediaType.DockerLayerGzip => MediaType.OciLayerGzip,
            MediaType.DockerLayerZstd => MediaType.OciLayerZstd,
            _ => blob.MediaType,
        },
    };

    private static Descriptor Plain(Descriptor blob) => new(blob.MediaType, blob.Digest, blob.Size);

    private Descriptor Remember(byte[] document, string mediaType)
    {
        Digest digest = Digest.Of(document);
        _documents[digest] = document;
        return new Descriptor(mediaType, digest, document.Length);
    }
}
