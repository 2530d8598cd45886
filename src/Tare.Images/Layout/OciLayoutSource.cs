// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Oci;

namespace Tare.Images.Layout;

/// <summary>An OCI image layout as a source: a directory, or a tar of one.</summary>
/// <remarks>image-spec image-layout.md. Names come from the annotations of containerd and docker, or of the spec.</remarks>
internal sealed class OciLayoutSource : IImageSource
{
    public const string IndexName = "index.json";
    private const string MarkName = "oci-layout";
    private const int MaxMarkBytes = 4096;
    private readonly IArchiveFiles _files;
    private readonly IReadOnlyList<Descriptor> _entries;
    private readonly List<OfferedImage> _offered;

    /// <summary>Reads mark and index. Takes the files over.</summary>
    /// <exception cref="TareException">Corrupt; NotSupported for another version of the layout</exception>
    public OciLayoutSource(IArchiveFiles files)
    {
        _files = files;
        byte[] mark = files.TryReadAll(MarkName, MaxMarkBytes) ?? throw NotThere(MarkName);
        LayoutMark.Check(mark);
        byte[] index = files.TryReadAll(IndexName, ImageIndex.MaxBytes) ?? throw NotThere(IndexName);
        _entries = ImageIndex.Parse(index).Manifests;
        _offered = [.. _entries
            .GroupBy(static d => d.Digest)
            .Select(static g => new OfferedImage(
                g.First() with { Annotations = null, Platform = null },
                [.. g.Select(LayoutAnnotations.NameOf).OfType<Reference>().Distinct()]))];
    }

    /// <summary>The roots under a label: a tag, a name or a digest; null: all.</summary>
    public IReadOnlyList<Descriptor> Find(string? label) => [.. _entries
        .Where(d => label is null || LayoutAnnotations.LabelOf(d) == label || d.Digest.ToString() == label
            || (LayoutAnnotations.NameOf(d) is { } name && Reference.TryParse(label, out Reference? asked) && asked == name))
        .Select(static d => d with { Annotations = null, Platform = null })
        .DistinctBy(static d => d.Digest)];

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OfferedImage>>(_offered);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) =>
        Task.FromResult(_offered.Find(o => o.Names.Contains(name))?.Root);

    public Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct) =>
        Task.FromResult(_files.TryOpen(LayoutNames.OfBlob(content.Digest)));

    public void Dispose() => _files.Dispose();

    private static TareException NotThere(string name) => new(ErrorKind.Corrupt, $"{name} is not there");
}
