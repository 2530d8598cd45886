// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>Blobs that are here, and those that other registries have.</summary>
internal sealed class UpstreamBlobs(IBlobs here, UpstreamClients upstream, Fetches fetches) : IBlobs
{
    public async ValueTask<IBlobContent?> TryOpenAsync(Repository repository, Digest digest, CancellationToken ct)
    {
        if (await here.TryOpenAsync(repository, digest, ct) is { } known)
        {
            return known;
        }

        if (upstream.Find(repository) is not (UpstreamClient from, string name) || await SizeAsync(from, name, digest, ct) is not { } size)
        {
            return null;
        }

        Descriptor content = new("application/octet-stream", digest, size);
        return new UpstreamContent(size, () => fetches.Join(repository, name, content, from));
    }

    public ValueTask<bool> TryMountAsync(Repository from, Repository to, Digest digest, CancellationToken ct) =>
        here.TryMountAsync(from, to, digest, ct);

    public ValueTask AddAsync(Repository repository, Digest digest, Fd file, CancellationToken ct) =>
        here.AddAsync(repository, digest, file, ct);

    public ValueTask<bool> TryRemoveAsync(Repository repository, Digest digest, CancellationToken ct) =>
        here.TryRemoveAsync(repository, digest, ct);

    private static async Task<long?> SizeAsync(UpstreamClient from, string name, Digest digest, CancellationToken ct)
    {
        using UpstreamClient.Lent lent = await from.TakeAsync(ct);
        RegistryRequest request = new(HttpMethod.Head, $"{name}/blobs/{digest}", $"repository:{name}:pull") { Expects = [404] };
        using HttpResponseMessage answer = await lent.Client.SendAsync(request, ct);
        if ((int)answer.StatusCode == 404)
        {
            return null;
        }

        return answer.Content.Headers.ContentLength is { } length and >= 0 and <= Upload.MaxBytes
            ? length
            : throw new TareException(ErrorKind.Unavailable, $"{lent.Client.Host.Name}: blob {digest}: the registry does not tell its size");
    }
}
