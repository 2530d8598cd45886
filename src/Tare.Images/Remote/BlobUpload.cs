// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Brings blobs into a repository.</summary>
/// <remarks>distribution-spec v1.1 #pushing-a-blob-monolithically, #mounting-a-blob-from-another-repository. Safe to use from
/// several threads.</remarks>
/// <param name="client">lent</param>
/// <param name="repository">where they go</param>
/// <param name="sources">repositories of the same registry that may have them</param>
internal sealed class BlobUpload(RegistryClient client, string repository, IReadOnlyList<string> sources)
{
    private const int MaxSources = 4;

    /// <summary>The rights to write there, and to read where blobs may be mounted from.</summary>
    public string Scope { get; } = string.Join(
        ' ', sources.Take(MaxSources).Select(static s => $"repository:{s}:pull").Prepend($"repository:{repository}:pull,push"));

    /// <summary>Whether the repository has it.</summary>
    public async Task<bool> HasAsync(Digest blob, CancellationToken ct)
    {
        var request = new RegistryRequest(HttpMethod.Head, $"{repository}/blobs/{blob}", Scope) { Expects = [404] };
        using HttpResponseMessage answer = await client.SendAsync(request, ct);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>The repository that it could be taken from without sending it, or null.</summary>
    public async Task<string?> MountAsync(Digest blob, CancellationToken ct)
    {
        foreach (string source in sources.Take(MaxSources))
        {
            var request = new RegistryRequest(
                HttpMethod.Post, $"{repository}/blobs/uploads/?mount={blob}&from={Uri.EscapeDataString(source)}", Scope)
            {
                Expects = [401, 403, 404, 405],
            };
            using HttpResponseMessage answer = await client.SendAsync(request, ct);
            if ((int)answer.StatusCode == 201)
            {
                return source;
            }
        }
        return null;
    }

    /// <summary>Sends it. Once: the bytes cannot be read again.</summary>
    /// <exception cref="TareException">Unavailable; Corrupt when the bytes are not what they must be</exception>
    public async Task SendAsync(Descriptor content, Stream bytes, CancellationToken ct)
    {
        string what = $"{client.Host.Name}: blob {content.Digest}";
        Uri place = await BeginAsync(what, ct);
        BlobContent? body = new(bytes, content.Size, client.Options);
        var request = new RegistryRequest(HttpMethod.Put, WithDigest(place, content.Digest), Scope)
        {
            Content = () => Interlocked.Exchange(ref body, null)
                ?? throw new TareException(ErrorKind.Unauthenticated, $"{what}: access denied in the middle of an upload"),
        };
        try
        {
            using HttpResponseMessage answer = await client.SendOnceAsync(request, ct);
        }
        catch (TransientException failure)
        {
            throw new TareException(ErrorKind.Unavailable, $"{what}: {failure.Message}", "push again: what arrived is not sent again", failure);
        }
    }

    private async Task<Uri> BeginAsync(string what, CancellationToken ct)
    {
        var begin = new RegistryRequest(HttpMethod.Post, $"{repository}/blobs/uploads/", Scope);
        using HttpResponseMessage answer = await client.SendAsync(begin, ct);
        if (answer.Headers.Location is not { } location)
        {
            throw new TareException(ErrorKind.Corrupt, $"{what}: the registry does not say where to send it");
        }
        var place = new Uri(new Uri(client.Host.Address, $"v2/{begin.Path}"), location);
        bool isFine = Origin.Of(place) == client.Host.Origin || place.Scheme == Uri.UriSchemeHttps;
        return isFine && place.UserInfo.Length == 0
            ? place
            : throw new TareException(
                ErrorKind.PermissionDenied, $"{what}: the registry wants it at {Quoted.Text(place.GetLeftPart(UriPartial.Authority))}, which is not trusted");
    }

    private static string WithDigest(Uri place, Digest digest) =>
        $"{place.AbsoluteUri}{(place.Query.Length > 0 ? "&" : "?")}digest={Uri.EscapeDataString(digest.ToString())}";
}
