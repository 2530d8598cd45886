// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>A sink that tells how the layers come along.</summary>
/// <param name="inner">where they go; lent</param>
/// <param name="told">called from several threads, one after the other</param>
/// <param name="moved">bytes of a layer so far; likewise</param>
internal sealed class WatchedSink(IImageSink inner, Action<ImageLayer, LayerStage> told, Action<ImageLayer, long>? moved = null) : IImageSink
{
    private readonly Lock _gate = new();

    public async Task<IImageWriter> BeginAsync(Image image, CancellationToken ct) =>
        new Writer(await inner.BeginAsync(image, ct), Tell, Move);

    public Task<bool> HasAsync(Descriptor content, CancellationToken ct) => inner.HasAsync(content, ct);

    public Task WriteAsync(Descriptor content, Stream bytes, CancellationToken ct) => inner.WriteAsync(content, bytes, ct);

    public Task TagAsync(Descriptor root, IReadOnlyList<Reference> names, CancellationToken ct) => inner.TagAsync(root, names, ct);

    public void Dispose()
    {
    }

    private void Tell(ImageLayer layer, LayerStage stage)
    {
        lock (_gate)
        {
            told(layer, stage);
        }
    }

    private void Move(ImageLayer layer, long bytes)
    {
        if (moved is not null)
        {
            lock (_gate)
            {
                moved(layer, bytes);
            }
        }
    }

    private sealed class Writer(IImageWriter inner, Action<ImageLayer, LayerStage> told, Action<ImageLayer, long> moved) : IImageWriter
    {
        public async Task<bool> HasLayerAsync(ImageLayer layer, CancellationToken ct)
        {
            bool has = await inner.HasLayerAsync(layer, ct);
            told(layer, has ? LayerStage.AlreadyExists : LayerStage.Pulling);
            return has;
        }

        public async Task WriteLayerAsync(ImageLayer layer, Stream bytes, CancellationToken ct)
        {
            await inner.WriteLayerAsync(layer, new ToldStream(bytes, n => moved(layer, n), () => told(layer, LayerStage.Downloaded)), ct);
            told(layer, LayerStage.Pulled);
        }

        public Task CommitAsync(CancellationToken ct) => inner.CommitAsync(ct);

        public void Dispose() => inner.Dispose();
    }
}
