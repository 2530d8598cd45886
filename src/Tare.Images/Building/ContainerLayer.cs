// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>What a container changed, packed as a layer, with the image below: a source of one image.</summary>
internal sealed class ContainerLayer : IImageSource
{
    private readonly ImageStore _store;
    private readonly Fd _file;
    private readonly Descriptor _blob;
    private BuiltImage? _image;

    /// <summary>Packs the directory; nobody should write there meanwhile.</summary>
    /// <param name="store">has the layers below; lent</param>
    /// <param name="upper">the writable directory of the container's snapshot; lent</param>
    /// <param name="without">paths that are left out, without a slash at their beginning</param>
    /// <param name="ct">stops it</param>
    public ContainerLayer(ImageStore store, Root upper, IReadOnlySet<string> without, CancellationToken ct)
    {
        _store = store;
        _file = store.Folder.Scratch.OpenTemporary(0b110_000_000);
        try
        {
            (DiffId diffId, _blob) = LayerPacking.Pack(upper, _file, without, ct);
            DiffId = diffId;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public DiffId DiffId { get; }

    /// <summary>Completes it: from here on it is a source.</summary>
    /// <param name="config">whose rootfs names the layers below and <see cref="DiffId"/></param>
    /// <param name="below">bottom first</param>
    public BuiltImage Describe(ImageConfig config, IReadOnlyList<StoredLayer> below)
    {
        ChainId chain = below.Count == 0 ? ChainId.Of(DiffId) : below[^1].Chain.Then(DiffId);
        return _image = new BuiltImage(_store, config, [.. below, new StoredLayer(chain, DiffId, _blob, 0)]);
    }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) => _image!.ListAsync(ct);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => _image!.ResolveAsync(name, ct);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct) => content.Digest == _blob.Digest
        ? Task.FromResult<Stream?>(new Archive.FileRange(_file, 0, _blob.Size))
        : _image!.OpenAsync(content, ct);

    public void Dispose()
    {
        _image?.Dispose();
        _file.Dispose();
    }
}
