// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote;
using Tare.Oci;
using RemoteOptions = Tare.Images.Remote.RegistryOptions;

namespace Tare.Server.Registry.Storage.Upstream;

/// <summary>Questions about manifests of another registry; what it answers is checked.</summary>
internal static class RemoteManifest
{
    private static readonly string[] Accepted =
        [MediaType.OciIndex, MediaType.OciManifest, MediaType.DockerIndex, MediaType.DockerManifest];

    /// <summary>What a tag names there; null when it does not say so in a header.</summary>
    public static async Task<Digest?> ResolveAsync(UpstreamClient from, string name, string tag, CancellationToken ct)
    {
        using UpstreamClient.Lent lent = await from.TakeAsync(ct);
        RegistryRequest request = Ask(HttpMethod.Head, name, $"manifests/{tag}") with { Expects = [404] };
        using HttpResponseMessage answer = await lent.Client.SendAsync(request, ct);
        return answer.IsSuccessStatusCode && answer.Headers.TryGetValues("Docker-Content-Digest", out IEnumerable<string>? said)
            && Digest.TryParse(said.First(), out Digest digest)
                ? digest
                : null;
    }

    /// <summary>By tag or digest; null when it is not there.</summary>
    /// <exception cref="TareException">Corrupt: the bytes are others than asked for; Unavailable …</exception>
    public static async Task<StoredManifest?> ReadAsync(UpstreamClient from, string name, string reference, CancellationToken ct)
    {
        using UpstreamClient.Lent lent = await from.TakeAsync(ct);
        WholeAnswer? answer = await lent.Client.GetWholeAsync(
            Ask(HttpMethod.Get, name, $"manifests/{reference}"), RemoteOptions.MaxDocumentBytes, ct);
        if (answer is null)
        {
            return null;
        }

        Digest digest = Digest.TryParse(reference, out Digest asked) ? asked : Digest.Of(answer.Body);
        if (!digest.Matches(answer.Body))
        {
            throw new TareException(ErrorKind.Unavailable, $"{lent.Client.Host.Name}: manifest {digest}: its bytes have another digest");
        }

        string said = answer.MediaType ?? "";
        string type = MediaType.KindOf(said) is ContentKind.Index or ContentKind.Manifest ? said : ManifestKind.Read(answer.Body) ?? said;
        return new(digest, type, answer.Body);
    }

    /// <summary>Null when that registry has no such lists.</summary>
    public static async Task<ImageIndex?> ReferrersAsync(UpstreamClient from, string name, Digest subject, CancellationToken ct)
    {
        using UpstreamClient.Lent lent = await from.TakeAsync(ct);
        WholeAnswer? answer = await lent.Client.GetWholeAsync(
            Ask(HttpMethod.Get, name, $"referrers/{subject}"), RemoteOptions.MaxDocumentBytes, ct);
        return answer is null ? null : ImageIndex.Parse(answer.Body);
    }

    private static RegistryRequest Ask(HttpMethod method, string name, string path) =>
        new(method, $"{name}/{path}", $"repository:{name}:pull") { Accept = Accepted };
}
