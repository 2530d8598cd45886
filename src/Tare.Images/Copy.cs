// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;
using Tare.Oci;

namespace Tare.Images;

/// <summary>Copies an image and all it points to: the only way content moves between media.</summary>
/// <remarks>
/// load, save, import, pull, push, copy are this one walk over a source and a sink: index → manifest → config and
/// layers, children before parents (distribution-spec #pushing-manifests), the name last. Idempotent, and safe to run
/// at the same time for the same image.
/// </remarks>
internal sealed class Copy
{
    private readonly IImageSource _from;
    private readonly IImageSink _to;
    private readonly PlatformFilter _platforms;
    private readonly CopyLimits _limits;
    private readonly List<Image> _images = [];
    private int _documents;

    private Copy(IImageSource from, IImageSink to, PlatformFilter platforms, CopyLimits limits)
    {
        _from = from;
        _to = to;
        _platforms = platforms;
        _limits = limits;
    }

    /// <summary>Copies a root and gives it its names; answers the images that it holds, in the order of the index.</summary>
    /// <exception cref="TareException">NotFound when there is no image for the platform; Corrupt; ResourceExhausted</exception>
    public static async Task<IReadOnlyList<Image>> RunAsync(
        IImageSource from, IImageSink to, OfferedImage offered, PlatformFilter platforms, CopyLimits limits,
        CancellationToken ct)
    {
        var copy = new Copy(from, to, platforms, limits);
        if (!await copy.CopyAsync(offered.Root, depth: 0, ct) || copy._images.Count == 0)
        {
            throw new TareException(
                ErrorKind.NotFound,
                platforms.Only is { } only
                    ? $"image {offered.Root.Digest}: no image for the platform {only}"
                    : $"image {offered.Root.Digest}: none of its images is there");
        }
        await to.TagAsync(platforms.RootOf(offered.Root, copy._images), offered.Names, ct);
        return copy._images;
    }

    /// <summary>Copies an artifact that is no image, with all its parts, and gives it its names.</summary>
    /// <exception cref="TareException">NotFound when the source lacks a part of it; Corrupt; ResourceExhausted</exception>
    public static async Task RunArtifactAsync(
        IImageSource from, IImageSink to, OfferedImage offered, CopyLimits limits, CancellationToken ct)
    {
        var copy = new Copy(from, to, PlatformFilter.All, limits);
        byte[] bytes = await copy.ReadAsync(offered.Root, "manifest", ImageManifest.MaxBytes, ct) ?? throw Missing("manifest", offered.Root);
        if (!await copy.CopyArtifactAsync(offered.Root, ImageManifest.Parse(bytes, offered.Root), ct))
        {
            throw new TareException(ErrorKind.NotFound, $"artifact {offered.Root.Digest}: a part of it is not there");
        }
        await to.TagAsync(offered.Root, offered.Names, ct);
    }

    /// <summary>False when the source does not have it, or has nothing below it that is wanted.</summary>
    private async Task<bool> CopyAsync(Descriptor content, int depth, CancellationToken ct)
    {
        if (++_documents > _limits.Documents)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"more than {_limits.Documents} manifests below one image");
        }
        return content.Kind switch
        {
            ContentKind.Index => await CopyIndexAsync(content, depth, ct),
            ContentKind.Manifest => await CopyManifestAsync(content, ct),
            _ when depth == 0 => throw new TareException(
                ErrorKind.NotSupported, $"{content.Digest}: {Quoted.Text(content.MediaType)} is no image"),
            _ => await CopyLooseAsync(content, "blob", ct),
        };
    }

    private async Task<bool> CopyIndexAsync(Descriptor content, int depth, CancellationToken ct)
    {
        if (depth == _limits.IndexDepth)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"index {content.Digest}: nested more than {_limits.IndexDepth} deep");
        }
        if (await ReadAsync(content, "index", ImageIndex.MaxBytes, ct) is not { } bytes)
        {
            return false;
        }
        ImageIndex index = ImageIndex.Parse(bytes, content).Value;
        bool any = false;
        foreach (Descriptor child in _platforms.Choose(index))
        {
            int before = _images.Count;
            bool isThere = await CopyAsync(child, depth + 1, ct);
            if (!isThere && _platforms.IsWhole)
            {
                throw new TareException(
                    ErrorKind.NotFound, $"index {content.Digest}: {child.Digest} or a part of it is not there", "take one platform of it: --platform");
            }
            any |= isThere;
            if (_platforms.Only is not null && _images.Count > before)
            {
                break;
            }
        }
        if (!any || (_images.Count == 0 && depth == 0))
        {
            return false;
        }
        if (!_platforms.TakesImageAlone)
        {
            await WriteLooseAsync(content, bytes, ct);
        }
        return true;
    }

    private async Task<bool> CopyManifestAsync(Descriptor content, CancellationToken ct)
    {
        if (await ReadAsync(content, "manifest", ImageManifest.MaxBytes, ct) is not { } bytes)
        {
            return false;
        }
        Blob<ImageManifest> manifest = ImageManifest.Parse(bytes, content);
        return IsImage(manifest.Value)
            ? await CopyImageAsync(content, manifest, ct)
            : await CopyArtifactAsync(content, manifest, ct);
    }

    /// <summary>Attestations and other artifacts in an index look like images, but their layers are no file systems.</summary>
    private static bool IsImage(ImageManifest manifest) =>
        manifest.Config.Kind == ContentKind.Config && !manifest.Layers.Any(static l => l.Kind == ContentKind.Other);

    private async Task<bool> CopyImageAsync(Descriptor content, Blob<ImageManifest> manifest, CancellationToken ct)
    {
        Descriptor named = manifest.Value.Config;
        byte[] config = await ReadAsync(named, "config", ImageConfig.MaxBytes, ct) ?? throw Missing("config", named);
        var image = new Image(content, manifest, ImageConfig.Parse(config, named.Digest));
        if (_platforms.Only is { } only && only.Rank(image.Config.Value.Platform) is null)
        {
            return false;
        }
        using IImageWriter writer = await _to.BeginAsync(image, ct);
        await CopyLayersAsync(image, writer, ct);
        await writer.CommitAsync(ct);
        _images.Add(image);
        return true;
    }

    /// <summary>The first failure stops the others and is the one told; all have ended by then.</summary>
    private async Task CopyLayersAsync(Image image, IImageWriter writer, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        List<Task> running = [];
        Exception? first = null;
        try
        {
            foreach (ImageLayer layer in image.Layers)
            {
                if (running.Count == _limits.LayersAtOnce)
                {
                    await TakeEndedAsync(running);
                }
                if (!await writer.HasLayerAsync(layer, stop.Token))
                {
                    running.Add(CopyLayerAsync(layer, writer, Fail, stop.Token));
                }
            }
            while (running.Count > 0)
            {
                await TakeEndedAsync(running);
            }
        }
        catch (Exception e)
        {
            Fail(e);
            await Task.WhenAll(running).ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
            ExceptionDispatchInfo.Throw(first!);
        }

        void Fail(Exception e)
        {
            Interlocked.CompareExchange(ref first, e, null);
            stop.Cancel();
        }
    }

    private static async Task TakeEndedAsync(List<Task> running)
    {
        Task ended = await Task.WhenAny(running);
        running.Remove(ended);
        await ended;
    }

    private async Task CopyLayerAsync(ImageLayer layer, IImageWriter writer, Action<Exception> fail, CancellationToken ct)
    {
        try
        {
            await SendAsync(
                async () => await OpenAsync(layer.Descriptor, "layer", ct) ?? throw Missing("layer", layer.Descriptor),
                bytes => writer.WriteLayerAsync(layer, bytes, ct));
        }
        catch (Exception e)
        {
            fail(e);
            throw;
        }
    }

    /// <summary>What is no image is taken along when all of it is there, and left out otherwise.</summary>
    private async Task<bool> CopyArtifactAsync(Descriptor content, Blob<ImageManifest> manifest, CancellationToken ct)
    {
        foreach (Descriptor part in (IEnumerable<Descriptor>)[manifest.Value.Config, .. manifest.Value.Layers])
        {
            if (!await CopyLooseAsync(part, "blob", ct))
            {
                return false;
            }
        }
        await WriteLooseAsync(content, manifest.Bytes, ct);
        return true;
    }

    /// <summary>Once, or as often as the sink wants; false when there is nothing to send.</summary>
    private static async Task<bool> SendAsync(Func<Task<Stream?>> open, Func<Stream, Task> write)
    {
        while (true)
        {
            using Stream? bytes = await open();
            try
            {
                if (bytes is not null)
                {
                    await write(bytes);
                }
                return bytes is not null;
            }
            catch (SendAgainException)
            {
                // the sink ends this by throwing something else
            }
        }
    }

    private async Task<bool> CopyLooseAsync(Descriptor content, string noun, CancellationToken ct)
    {
        if (await _to.HasAsync(content, ct))
        {
            return true;
        }
        return await SendAsync(() => OpenAsync(content, noun, ct), bytes => _to.WriteAsync(content, bytes, ct));
    }

    private async Task WriteLooseAsync(Descriptor content, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (!await _to.HasAsync(content, ct))
        {
            using var stream = new VerifyingStream(new MemoryStream(bytes.ToArray(), writable: false), content, "document");
            await _to.WriteAsync(content, stream, ct);
        }
    }

    private async Task<Stream?> OpenAsync(Descriptor content, string noun, CancellationToken ct)
    {
        if (content.Size > _limits.BlobBytes)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"{noun} {content.Digest}: {content.Size} bytes, more than {_limits.BlobBytes}");
        }
        Stream? bytes = await _from.OpenAsync(content, ct);
        return bytes is null ? null : new VerifyingStream(bytes, content, noun);
    }

    private async Task<byte[]?> ReadAsync(Descriptor content, string noun, int maxBytes, CancellationToken ct)
    {
        if (content.Size > maxBytes)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"{noun} {content.Digest}: {content.Size} bytes, more than {maxBytes}");
        }
        await using Stream? bytes = await OpenAsync(content, noun, ct);
        if (bytes is null)
        {
            return null;
        }
        byte[] all = new byte[content.Size];
        int read = await bytes.ReadAtLeastAsync(all, all.Length, throwOnEndOfStream: false, ct);
        ((VerifyingStream)bytes).ReadToEnd();
        return read == all.Length ? all : throw Missing(noun, content);
    }

    private static TareException Missing(string noun, Descriptor content) =>
        new(ErrorKind.Corrupt, $"{noun} {content.Digest}: it is not there");
}
