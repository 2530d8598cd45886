// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>Loads the images of an archive into a store, one after the other.</summary>
internal sealed class Loading(ImageStore store, Platform? platform)
{
    /// <summary>Yields each image when it is durable.</summary>
    public async IAsyncEnumerable<LoadedImage> RunAsync(ArchiveInput input, [EnumeratorCancellation] CancellationToken ct)
    {
        Scratch.Sweep(store.Folder, store.Now);
        string what = $"load {input.Name}";
        using IImageSource source = await InputError.NamedAsync(
            what, () => Task.FromResult(ArchiveSource.Open(input, store.Folder.Scratch, ct)));
        using var sink = new StoreSink(store);
        IReadOnlyList<OfferedImage> offered = await source.ListAsync(ct);
        if (offered.Count == 0)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{what}: it holds no image");
        }
        foreach (OfferedImage image in offered)
        {
            yield return await InputError.NamedAsync(what, () => LoadAsync(source, sink, image, ct));
        }
    }

    private async Task<LoadedImage> LoadAsync(IImageSource source, StoreSink sink, OfferedImage offered, CancellationToken ct)
    {
        IReadOnlyList<Image> images = await Copy.RunAsync(
            source, sink, offered, new PlatformFilter(platform), CopyLimits.Default, ct);
        List<StoredImage> stored = store.Catalog.ImagesOfRoot(offered.Root.Digest);
        StoredImage shown = ImageStore.Choose(stored, platform)
            ?? stored.Find(s => s.Manifest.Digest == images[0].Descriptor.Digest)!;
        return new LoadedImage(offered.Names, shown.Id, [.. sink.Displaced.Where(d => d.BeforeId != shown.Id)]);
    }
}
