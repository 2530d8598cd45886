// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layout;

/// <summary>One image on its way into a layout.</summary>
/// <remarks>A layout is only complete with its index, so there is nothing to take back.</remarks>
internal sealed class LayoutWriter(ILayoutOutput output, Image image, Action committed) : IImageWriter
{
    public Task<bool> HasLayerAsync(ImageLayer layer, CancellationToken ct) =>
        Task.FromResult(output.Has(LayoutNames.OfBlob(layer.Descriptor.Digest)));

    public Task WriteLayerAsync(ImageLayer layer, Stream bytes, CancellationToken ct)
    {
        output.Write(LayoutNames.OfBlob(layer.Descriptor.Digest), layer.Descriptor.Size, bytes);
        return Task.CompletedTask;
    }

    public Task CommitAsync(CancellationToken ct)
    {
        Write(LayoutNames.OfBlob(image.Config.Digest), image.Config.Bytes);
        Write(LayoutNames.OfBlob(image.Manifest.Digest), image.Manifest.Bytes);
        committed();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }

    private void Write(string name, ReadOnlyMemory<byte> bytes)
    {
        if (!output.Has(name))
        {
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            output.Write(name, bytes.Length, stream);
        }
    }
}
