// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layout;
using Tare.Oci;

namespace Tare.Images.Places;

/// <summary>One image on its way into an archive for <c>docker load</c>: what <c>save</c> writes.</summary>
/// <param name="output">owned</param>
internal sealed class DockerArchiveSink(ILayoutOutput output) : IImageSink
{
    private readonly LayoutSink _inner = new(output);

    public Task<IImageWriter> BeginAsync(Image image, CancellationToken ct) => _inner.BeginAsync(image, ct);

    public Task<bool> HasAsync(Descriptor content, CancellationToken ct) => _inner.HasAsync(content, ct);

    public Task WriteAsync(Descriptor content, Stream bytes, CancellationToken ct) => _inner.WriteAsync(content, bytes, ct);

    public async Task TagAsync(Descriptor root, IReadOnlyList<Reference> names, CancellationToken ct)
    {
        await _inner.TagAsync(root, names, ct);
        _inner.Finish();
    }

    public void Dispose() => _inner.Dispose();
}
