// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Archive;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Layout;

/// <summary>One image on its way into an OCI layout and nothing else; what a folder holds already stays.</summary>
/// <remarks>image-spec image-layout.md. The index, which makes it visible, is written last.</remarks>
/// <param name="output">owned</param>
/// <param name="label">under which the image is found there; null: none</param>
/// <param name="folder">the folder, when it is one that may hold other images; lent</param>
internal sealed class OciLayoutSink(ILayoutOutput output, string? label, Fd? folder) : IImageSink
{
    public Task<IImageWriter> BeginAsync(Image image, CancellationToken ct) =>
        Task.FromResult<IImageWriter>(new LayoutWriter(output, image, static () => { }));

    public Task<bool> HasAsync(Descriptor content, CancellationToken ct) =>
        Task.FromResult(output.Has(LayoutNames.OfBlob(content.Digest)));

    public Task WriteAsync(Descriptor content, Stream bytes, CancellationToken ct)
    {
        output.Write(LayoutNames.OfBlob(content.Digest), content.Size, bytes);
        return Task.CompletedTask;
    }

    /// <summary>The label of the layout is all the name there is.</summary>
    public Task TagAsync(Descriptor root, IReadOnlyList<Reference> names, CancellationToken ct)
    {
        Write("oci-layout", LayoutMark.Bytes.ToArray());
        using FileLock? held = folder is null ? null : FileLock.Take(folder);
        Descriptor entry = root with { Annotations = LayoutAnnotations.ForLabel(label) };
        var index = new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = [.. Others(entry), entry] };
        Write(OciLayoutSource.IndexName, index.ToBytes());
        output.Finish();
        return Task.CompletedTask;
    }

    public void Dispose() => output.Dispose();

    private IEnumerable<Descriptor> Others(Descriptor entry)
    {
        if (folder is null)
        {
            return [];
        }
        using var files = new DirectoryFiles(Root.From(folder.Duplicate()));
        byte[]? before = files.TryReadAll(OciLayoutSource.IndexName, ImageIndex.MaxBytes);
        return before is null ? [] : ImageIndex.Parse(before).Manifests.Where(d =>
            label is null
                ? d.Digest != entry.Digest || LayoutAnnotations.LabelOf(d) is not null
                : LayoutAnnotations.LabelOf(d) != label);
    }

    private void Write(string name, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        output.Write(name, bytes.Length, stream);
    }
}
