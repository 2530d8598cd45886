// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Building;

/// <summary>Images for one or several platforms and what is said about them, as a source of one index.</summary>
/// <remarks>In the order of BuildKit: all images, then a manifest of statements for each that has some.</remarks>
internal sealed class BuiltIndex : IImageSource
{
    private readonly IReadOnlyList<BuiltImage> _images;
    private readonly Dictionary<Digest, byte[]> _documents = [];

    /// <param name="images">lent</param>
    /// <param name="annotations">of the index; null: none</param>
    /// <param name="asDocker">docker's media type instead of OCI's</param>
    public BuiltIndex(IReadOnlyList<IndexedImage> images, IReadOnlyDictionary<string, string>? annotations, bool asDocker)
    {
        _images = [.. images.Select(static one => one.Image)];
        AttestationManifest[] said = [.. images.Where(static one => one.Attestations.Count > 0)
            .Select(static one => new AttestationManifest(one.Image.Root, one.Attestations))];
        foreach ((Digest digest, byte[] document) in said.SelectMany(static one => one.Documents))
        {
            _documents[digest] = document;
        }

        string type = asDocker ? MediaType.DockerIndex : MediaType.OciIndex;
        byte[] index = new ImageIndex(2)
        {
            MediaType = type,
            Manifests = [.. images.Select(EntryOf), .. said.Select(static one => one.Entry)],
            Annotations = annotations is { Count: > 0 } ? annotations : null,
        }.ToBytes();
        Root = new Descriptor(type, Digest.Of(index), index.Length);
        _documents[Root.Digest] = index;
    }

    /// <summary>The index.</summary>
    public Descriptor Root { get; }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OfferedImage>>([new OfferedImage(Root, [])]);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) => Task.FromResult<Descriptor?>(null);

    public async Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct)
    {
        if (_documents.TryGetValue(content.Digest, out byte[]? document))
        {
            return new MemoryStream(document, writable: false);
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

    private static Descriptor EntryOf(IndexedImage one) => one.Image.Root with
    {
        Platform = one.Platform,
        Annotations = one.Annotations.Count > 0 ? one.Annotations : null,
    };
}
