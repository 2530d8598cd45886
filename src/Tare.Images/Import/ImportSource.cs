// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Import;

/// <summary>A plain tar and the documents made for it, as a source of one image.</summary>
internal sealed class ImportSource : IImageSource
{
    private const int BufferBytes = 256 * 1024;
    private readonly Fd _tar;
    private readonly Descriptor _layer;
    private readonly Descriptor _root;
    private readonly Dictionary<Digest, byte[]> _documents = [];

    /// <summary>Hashes the tar. It is lent.</summary>
    public ImportSource(Fd tar, Func<DiffId, ImageConfig> describe)
    {
        _tar = tar;
        using var bytes = new FileRange(tar, 0, tar.Status().Size);
        using var hashed = new HashingStream(bytes, HashAlgorithm.Sha256);
        hashed.CopyTo(Stream.Null, BufferBytes);
        _layer = new Descriptor(MediaType.OciLayer, hashed.Finish(), hashed.Count);
        Descriptor config = Remember(describe(new DiffId(_layer.Digest)).ToBytes(), MediaType.OciConfig);
        var manifest = new ImageManifest(2, config) { MediaType = MediaType.OciManifest, Layers = [_layer] };
        _root = Remember(manifest.ToBytes(), MediaType.OciManifest);
    }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OfferedImage>>([new OfferedImage(_root, [])]);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => Task.FromResult<Descriptor?>(null);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct) => Task.FromResult<Stream?>(
        content.Digest == _layer.Digest ? new FileRange(_tar, 0, _layer.Size)
        : _documents.TryGetValue(content.Digest, out byte[]? document) ? new MemoryStream(document, writable: false)
        : null);

    public void Dispose()
    {
    }

    private Descriptor Remember(byte[] document, string mediaType)
    {
        Digest digest = Digest.Of(document);
        _documents[digest] = document;
        return new Descriptor(mediaType, digest, document.Length);
    }
}
