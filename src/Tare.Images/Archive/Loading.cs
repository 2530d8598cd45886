// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>Loads the images of an archive into a store, one after the other.</summary>
internal sealed class Loading(ImageStore store, Platform? platform)
{
    /// <summary>Yields each image when it is durable.</summary>
    public async IAsyncEnumerable<LoadedImage> RunAsync(ArchiveInput input, [EnumeratorCancellation] CancellationToken ct)
    {
        Scratch.Sweep(store.Folder);
        using IImageSource source = Named(input, () => ArchiveSource.Open(input, store.Folder, ct));
        using var sink = new StoreSink(store);
        IReadOnlyList<OfferedImage> offered = await source.ListAsync(ct);
        if (offered.Count == 0)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"load {input.Name}: it holds no image");
        }
        foreach (OfferedImage image in offered)
        {
            yield return await Named(input, () => LoadAsync(source, sink, image, ct));
        }
    }

    private async Task<LoadedImage> LoadAsync(IImageSource source, StoreSink sink, OfferedImage offered, CancellationToken ct)
    {
        IReadOnlyList<Image> images = await Copy.RunAsync(
            source, sink, offered, new PlatformFilter(platform), CopyLimits.Default, ct);
        List<StoredImage> stored = store.Catalog.ImagesOfRoot(offered.Root.Digest);
        StoredImage shown = ImageStore.Choose(stored, platform)
            ?? stored.Find(s => s.Manifest.Digest == images[0].Descriptor.Digest)!;
        return new LoadedImage(offered.Names, shown.Id, [.. sink.Displaced]);
    }

    /// <summary>Every failure names the archive once.</summary>
    private static T Named<T>(ArchiveInput input, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Wrap(input, e) is { } named)
        {
            throw named;
        }
    }

    private static async Task<T> Named<T>(ArchiveInput input, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (Wrap(input, e) is { } named)
        {
            throw named;
        }
    }

    private static TareException? Wrap(ArchiveInput input, Exception e) => e switch
    {
        TareException t => new TareException(t.Kind, $"load {input.Name}: {t.Message}", t.Hint, t),
        CompressionException c => new TareException(ErrorKind.Corrupt, $"load {input.Name}: {c.Message}", inner: c),
        LinuxException l => new TareException(KindOf(l.Errno), $"load {input.Name}: {l.Message}", inner: l),
        _ => null,
    };

    private static ErrorKind KindOf(Errno errno) => errno switch
    {
        Errno.ENOSPC or Errno.EDQUOT or Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM => ErrorKind.ResourceExhausted,
        Errno.EACCES or Errno.EPERM or Errno.EROFS => ErrorKind.PermissionDenied,
        _ => ErrorKind.FailedPrecondition,
    };
}
