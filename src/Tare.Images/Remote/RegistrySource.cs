// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>A repository of a registry as the place where images come from.</summary>
/// <remarks>
/// distribution-spec v1.1 #pull. The digest of a manifest is computed from its bytes, which are kept: what a tag stood for
/// when it was resolved is what is copied, however often it moves meanwhile. Of several registries (mirrors first, the
/// registry itself last) each thing is taken from the first that has it. Safe to use from several threads.
/// </remarks>
/// <param name="clients">in the order to ask them; owned</param>
/// <param name="repository">such as <c>library/busybox</c></param>
internal sealed class RegistrySource(IReadOnlyList<RegistryClient> clients, string repository) : IImageSource
{
    private static readonly string[] Manifests =
        [MediaType.OciIndex, MediaType.OciManifest, MediaType.DockerIndex, MediaType.DockerManifest];

    private readonly Dictionary<Digest, byte[]> _resolved = [];
    private readonly string _scope = $"repository:{repository}:pull";

    /// <summary>Asks the mirrors of the registry, then the registry itself.</summary>
    public static async Task<RegistrySource> OpenAsync(Reference name, RegistryOptions options, CancellationToken ct)
    {
        List<RegistryClient> clients = [];
        try
        {
            foreach (Uri mirror in options.Mirrors(name.Registry))
            {
                RegistryHost host = await RegistryHost.FindMirrorAsync(mirror, options, ct);
                clients.Add(await RegistryClient.OpenAsync(host with { IsInsecure = host.IsInsecure && !host.Origin.IsSecure }, options, ct));
            }
            clients.Add(await RegistryClient.OpenAsync(await RegistryHost.FindAsync(name.Registry, options, ct), options, ct));
            return new RegistrySource(clients, name.Repository);
        }
        catch
        {
            clients.ForEach(static c => c.Dispose());
            throw;
        }
    }

    public Task<IReadOnlyList<OfferedImage>> ListAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<OfferedImage>>([]);

    public Task<Descriptor?> ResolveAsync(Reference name, CancellationToken ct) =>
        FirstAsync(client => ResolveAsync(client, name, ct));

    public async Task<Stream?> OpenAsync(Descriptor content, CancellationToken ct)
    {
        if (content.Kind is ContentKind.Index or ContentKind.Manifest)
        {
            byte[]? bytes = _resolved.GetValueOrDefault(content.Digest)
                ?? (await FirstAsync(client => GetManifestAsync(client, content.Digest.ToString(), ct)))?.Body;
            return bytes is null ? null : new MemoryStream(bytes, writable: false);
        }
        return await OpenBlobAsync(content, 0, ct);
    }

    /// <summary>As <see cref="OpenAsync(Descriptor, CancellationToken)"/> for what is no document, without its first bytes.</summary>
    /// <param name="content">which</param>
    /// <param name="start">how many bytes are left out; fewer than there are</param>
    /// <param name="ct">ends a reading that waits, too</param>
    public Task<Stream?> OpenBlobAsync(Descriptor content, long start, CancellationToken ct) =>
        FirstAsync(client => OpenBlobAsync(client, content, start, ct));

    /// <summary>All tags of the repository; null when there is no such repository.</summary>
    public Task<IReadOnlyList<string>?> TagsAsync(CancellationToken ct) => FirstAsync(client => TagList.ReadAsync(client, repository, ct));

    public void Dispose()
    {
        foreach (RegistryClient client in clients)
        {
            client.Dispose();
        }
    }

    /// <summary>What the first that has it says; a mirror that fails is passed over.</summary>
    private async Task<T?> FirstAsync<T>(Func<RegistryClient, Task<T?>> ask)
    {
        for (int i = 0; i < clients.Count - 1; i++)
        {
            try
            {
                if (await ask(clients[i]) is { } found)
                {
                    return found;
                }
            }
            catch (TareException e) when (e.Kind != ErrorKind.Cancelled)
            {
                // the registry itself has the last word
            }
        }
        return await ask(clients[^1]);
    }

    private async Task<Descriptor?> ResolveAsync(RegistryClient client, Reference name, CancellationToken ct)
    {
        string asked = name.Digest?.ToString() ?? name.Tag!;
        if (await GetManifestAsync(client, asked, ct) is not { } found)
        {
            return null;
        }
        Digest digest = name.Digest ?? Digest.Of(found.Body);
        if (!digest.Matches(found.Body))
        {
            throw new TareException(ErrorKind.Corrupt, $"manifest {digest}: its bytes have the digest {Digest.Of(found.Body)}");
        }
        _resolved[digest] = found.Body;
        return new Descriptor(found.MediaType, digest, found.Body.Length);
    }

    private async Task<Found?> GetManifestAsync(RegistryClient client, string asked, CancellationToken ct)
    {
        var request = new RegistryRequest(HttpMethod.Get, $"{repository}/manifests/{asked}", _scope) { Accept = Manifests };
        if (await client.GetWholeAsync(request, RegistryOptions.MaxDocumentBytes, ct) is not { } answer)
        {
            return null;
        }
        string? said = answer.MediaType;
        string mediaType = said is not null && MediaType.KindOf(said) is ContentKind.Index or ContentKind.Manifest
            ? said
            : ManifestKind.Read(answer.Body) ?? said ?? "";
        return MediaType.KindOf(mediaType) is ContentKind.Index or ContentKind.Manifest
            ? new Found(mediaType, answer.Body)
            : throw new TareException(
                ErrorKind.NotSupported, $"manifest {asked}: {Quoted.Text(mediaType)} is no image that this version can read");
    }

    private async Task<Stream?> OpenBlobAsync(RegistryClient client, Descriptor content, long start, CancellationToken ct)
    {
        var request = new RegistryRequest(HttpMethod.Get, $"{repository}/blobs/{content.Digest}", _scope) { Expects = [404] };
        return await OpenAsync(client, content, request, start, ct) ?? await OpenForeignAsync(client, content, start, ct);
    }

    /// <summary>A layer that may not be given on by registries names where its maker has it.</summary>
    /// <remarks>No credentials go there: it is another origin, or an address at the registry that needs none.</remarks>
    private static async Task<Stream?> OpenForeignAsync(
        RegistryClient client, Descriptor content, long start, CancellationToken ct)
    {
        const int MaxUrls = 8;
        bool isForeign = MediaType.TryGetLayer(content.MediaType, out LayerFormat format) && format.IsForeign;
        foreach (string url in isForeign ? (content.Urls ?? []).Take(MaxUrls) : [])
        {
            if (url.StartsWith("https://", StringComparison.Ordinal)
                && await OpenAsync(client, content, new RegistryRequest(HttpMethod.Get, url, "") { Expects = [404] }, start, ct) is { } stream)
            {
                return stream;
            }
        }
        return null;
    }

    private static async Task<Stream?> OpenAsync(
        RegistryClient client, Descriptor content, RegistryRequest request, long start, CancellationToken ct)
    {
        var download = new BlobDownload(
            (from, stop) => client.SendOnceAsync(from == 0 ? request : request with { From = from }, stop),
            content, client.Host.Name, client.Options, ct, start);
        try
        {
            if (await download.ConnectAsync() is { } connected)
            {
                return connected;
            }
        }
        catch
        {
            download.Dispose();
            throw;
        }
        download.Dispose();
        return null;
    }

    private sealed record Found(string MediaType, byte[] Body);
}
