// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>Images for several platforms, as a source of one index.</summary>
internal sealed class BuiltIndex : IImageSource
{
    private readonly IReadOnlyList<BuiltImage> _images;
    private readonly byte[] _document;

    /// <param name="images">each with the platform that it is for; lent</param>
    /// <param name="annotations">of the index; null: none</param>
    /// <param name="asDocker">docker's media type instead of OCI's</param>
    public BuiltIndex(
        IReadOnlyList<(BuiltImage Image, Platform Platform)> images, IReadOnlyDictionary<string, string>? annotations, bool asDocker)
    {
        _images = [.. images.Select(static one => one.Image)];
        string type = asDocker ? MediaType.DockerIndex : MediaType.OciIndex;
        _document = new ImageIndex(2)
        {
            MediaType = type,
            Manifests = [.. images.Select(static one => one.Image.Root with { Platform = one.Platform })],
            Annotations = annotations is { Count: > 0 } ? annotations : null,
        }.ToBytes();
        Root = new Descriptor(type, Digest.Of(_document), _document.Length);
    }

    /// <summary>The index.</summary>
    public Descriptor Root { get; }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OfferedImage>>([new OfferedImage(Root, [])]);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => Task.FromResult<Descriptor?>(null);

    public async Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct)
    {
        if (content.Digest == Root.Digest)
        {
            return new MemoryStream(_document, writable: false);
        }

        foreach (BuiltImage image in _images)
        {
            if (await image.OpenAsync(content, ct) is { } stream)
            {
                return stream;
            }
        }

        return null;
    }

    public void Dispose()
    {
    }
}
