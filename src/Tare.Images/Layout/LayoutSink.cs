// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Images.Archive;
using Tare.Oci;

namespace Tare.Images.Layout;

/// <summary>An OCI layout with docker's <c>manifest.json</c> and <c>repositories</c>, so that every tool reads it.</summary>
/// <remarks>image-spec image-layout.md. The same images in the same order give the same bytes.</remarks>
internal sealed class LayoutSink(ILayoutOutput output) : IImageSink
{
    private readonly List<Image> _images = [];
    private readonly List<Descriptor> _roots = [];
    private readonly List<DockerManifest> _docker = [];
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _repositories = new(StringComparer.Ordinal);

    public Task<IImageWriter> BeginAsync(Image image, CancellationToken ct) =>
        Task.FromResult<IImageWriter>(new LayoutWriter(output, image, () => _images.Add(image)));

    public Task<bool> HasAsync(Descriptor content, CancellationToken ct) =>
        Task.FromResult(output.Has(LayoutNames.OfBlob(content.Digest)));

    public Task WriteAsync(Descriptor content, Stream bytes, CancellationToken ct)
    {
        output.Write(LayoutNames.OfBlob(content.Digest), content.Size, bytes);
        return Task.CompletedTask;
    }

    public Task TagAsync(Descriptor root, IReadOnlyList<Reference> names, CancellationToken ct)
    {
        if (names.Count == 0)
        {
            _roots.Add(root);
        }
        foreach (Reference name in names)
        {
            _roots.Add(root with { Annotations = LayoutAnnotations.For(name) });
        }
        AddDocker(Preferred(), names);
        _images.Clear();
        return Task.CompletedTask;
    }

    /// <summary>Writes the documents that hold it all together; the last call.</summary>
    public void Finish()
    {
        var index = new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = _roots };
        Write("index.json", index.ToBytes());
        Write("manifest.json", JsonSerializer.SerializeToUtf8Bytes(_docker, DockerArchiveJson.Writer.ListDockerManifest));
        Write("oci-layout", LayoutMark.Bytes.ToArray());
        if (_repositories.Count > 0)
        {
            Write("repositories", JsonSerializer.SerializeToUtf8Bytes(
                _repositories, DockerArchiveJson.Writer.SortedDictionaryStringSortedDictionaryStringString));
        }
        output.Finish();
    }

    public void Dispose() => output.Dispose();

    /// <summary>Docker's format has one image for a name: of several platforms the host's.</summary>
    private Image Preferred() => _images
        .OrderBy(static i => Hardware.Host.Rank(i.Config.Value.Platform) ?? int.MaxValue)
        .First();

    private void AddDocker(Image image, IReadOnlyList<Reference> names)
    {
        List<string> tags = [.. names.Where(static n => n.Tag is not null).Select(static n => n.FamiliarName + ":" + n.Tag)];
        _docker.Add(new DockerManifest(LayoutNames.OfBlob(image.Config.Digest))
        {
            RepoTags = tags.Count > 0 ? tags : null,
            Layers = [.. image.Layers.Select(static l => LayoutNames.OfBlob(l.Descriptor.Digest))],
        });
        foreach (Reference name in names.Where(static n => n.Tag is not null))
        {
            if (!_repositories.TryGetValue(name.FamiliarName, out SortedDictionary<string, string>? byTag))
            {
                byTag = new(StringComparer.Ordinal);
                _repositories.Add(name.FamiliarName, byTag);
            }
            byTag[name.Tag!] = image.Layers.Count > 0 ? image.Layers[^1].Descriptor.Digest.Hex : image.Config.Digest.Hex;
        }
    }

    private void Write(string name, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        output.Write(name, bytes.Length, stream);
    }
}
