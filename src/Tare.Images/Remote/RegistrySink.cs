// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>A repository of a registry as the place where images go.</summary>
/// <remarks>distribution-spec v1.1 #push. Blobs come before the manifests that name them, the tag comes last.</remarks>
/// <param name="client">lent</param>
/// <param name="repository">such as <c>library/busybox</c></param>
/// <param name="sources">repositories of the same registry from which blobs may be mounted</param>
/// <param name="told">called from several threads, one after the other</param>
internal sealed class RegistrySink(
    RegistryClient client, string repository, IReadOnlyList<string> sources, Action<ImageLayer, LayerStage, string?> told) : IImageSink
{
    /// <summary>Bytes of a layer that went so far; called as <c>told</c>.</summary>
    public Action<ImageLayer, long>? Moved { get; init; }

    private readonly BlobUpload _upload = new(client, repository, sources);
    private readonly Dictionary<Digest, (Descriptor Content, byte[] Bytes)> _documents = [];
    private readonly Lock _gate = new();

    public Task<IImageWriter> BeginAsync(Image image, CancellationToken ct) =>
        Task.FromResult<IImageWriter>(new Writer(this, image));

    /// <summary>Documents are sent always: they are small, and the last one is needed for the tag.</summary>
    public Task<bool> HasAsync(Descriptor content, CancellationToken ct) => IsDocument(content)
        ? Task.FromResult(_documents.ContainsKey(content.Digest))
        : _upload.HasAsync(content.Digest, ct);

    public async Task WriteAsync(Descriptor content, Stream bytes, CancellationToken ct)
    {
        if (!IsDocument(content))
        {
            await _upload.SendAsync(content, bytes, ct);
            return;
        }
        using var whole = new MemoryStream();
        bytes.CopyTo(whole);
        await PutAsync(content, whole.ToArray(), content.Digest.ToString(), ct);
    }

    public async Task TagAsync(Descriptor root, IReadOnlyList<Reference> names, CancellationToken ct)
    {
        foreach (Reference name in names)
        {
            if (name.Digest is { } digest && digest != root.Digest)
            {
                throw new TareException(ErrorKind.InvalidArgument, $"{name.Familiar}: the image has the digest {root.Digest}");
            }
            if (name.Tag is { } tag)
            {
                await PutAsync(root, _documents[root.Digest].Bytes, tag, ct);
            }
        }
    }

    public void Dispose()
    {
    }

    private static bool IsDocument(Descriptor content) => content.Kind is ContentKind.Index or ContentKind.Manifest;

    private async Task PutAsync(Descriptor content, byte[] bytes, string name, CancellationToken ct)
    {
        var request = new RegistryRequest(HttpMethod.Put, $"{repository}/manifests/{name}", _upload.Scope)
        {
            Content = () => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(content.MediaType) } },
        };
        using HttpResponseMessage answer = await client.SendAsync(request, ct);
        _documents[content.Digest] = (content, bytes);
    }

    private void Tell(ImageLayer layer, LayerStage stage, string? from = null)
    {
        lock (_gate)
        {
            told(layer, stage, from);
        }
    }

    private void Move(ImageLayer layer, long bytes)
    {
        if (Moved is not null)
        {
            lock (_gate)
            {
                Moved(layer, bytes);
            }
        }
    }

    private sealed class Writer(RegistrySink sink, Image image) : IImageWriter
    {
        public async Task<bool> HasLayerAsync(ImageLayer layer, CancellationToken ct)
        {
            sink.Tell(layer, LayerStage.Preparing);
            if (await sink._upload.HasAsync(layer.Descriptor.Digest, ct))
            {
                sink.Tell(layer, LayerStage.AlreadyExists);
                return true;
            }
            if (await sink._upload.MountAsync(layer.Descriptor.Digest, ct) is { } from)
            {
                sink.Tell(layer, LayerStage.Mounted, from);
                return true;
            }
            return false;
        }

        public async Task WriteLayerAsync(ImageLayer layer, Stream bytes, CancellationToken ct)
        {
            var told = new ToldStream(bytes, n => sink.Move(layer, n), static () => { });
            await sink._upload.SendAsync(layer.Descriptor, told, ct);
            sink.Tell(layer, LayerStage.Pushed);
        }

        public async Task CommitAsync(CancellationToken ct)
        {
            Descriptor config = image.Manifest.Value.Config;
            if (!await sink._upload.HasAsync(config.Digest, ct))
            {
                await SendConfigAsync(config, ct);
            }
            await sink.PutAsync(image.Descriptor, image.Manifest.Bytes.ToArray(), image.Descriptor.Digest.ToString(), ct);
        }

        public void Dispose()
        {
        }

        private async Task SendConfigAsync(Descriptor config, CancellationToken ct)
        {
            while (true)
            {
                try
                {
                    using var bytes = new MemoryStream(image.Config.Bytes.ToArray(), writable: false);
                    await sink._upload.SendAsync(config, bytes, ct);
                    return;
                }
                catch (SendAgainException)
                {
                    // the upload ends this by throwing something else
                }
            }
        }
    }
}
