// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Tare.Oci;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>Requests for a manifest or index, by tag or digest.</summary>
/// <remarks>distribution-spec 1.1 #pulling-manifests, #pushing-manifests, #deleting-manifests, #deleting-tags.</remarks>
internal sealed class ManifestRequests(IRegistryStorage storage)
{
    private readonly IManifests _shelf = storage.Manifests;

    public async Task HandleAsync(HttpContext http, Route route)
    {
        bool isDigest = route.Name.Contains(':', StringComparison.Ordinal);
        if (!isDigest && !ReferenceGrammar.IsTag(route.Name))
        {
            throw http.Request.Method == "PUT"
                ? RegistryFailure.ManifestInvalid("invalid tag")
                : RegistryFailure.ManifestUnknown("of an invalid tag");
        }

        switch (http.Request.Method)
        {
            case "GET" or "HEAD":
                await GetAsync(http, route.Repository!, isDigest ? route.Digest : null, route.Name);
                return;
            case "PUT":
                await PutAsync(http, route.Repository!, isDigest ? route.Digest : null, route.Name);
                return;
            case "DELETE":
                await DeleteAsync(http, route, isDigest);
                await Answer.EmptyAsync(http, StatusCodes.Status202Accepted);
                return;
            default:
                throw RegistryFailure.MethodUnsupported();
        }
    }

    private async Task GetAsync(HttpContext http, Repository repository, Digest? digest, string reference)
    {
        CancellationToken gone = http.RequestAborted;
        StoredManifest? manifest = (digest ?? await _shelf.TryResolveAsync(repository, reference, gone)) is { } named
            ? await _shelf.TryReadAsync(repository, named, gone)
            : null;
        if (manifest is null)
        {
            throw RegistryFailure.ManifestUnknown(reference);
        }

        string text = manifest.Digest.ToString();
        string tag = $"\"{text}\"";
        http.Response.Headers["Docker-Content-Digest"] = text;
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch.Contains(tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await Answer.BytesAsync(http, manifest.MediaType, manifest.Bytes);
    }

    private async Task PutAsync(HttpContext http, Repository repository, Digest? digest, string reference)
    {
        if (storage.RefusesPush(repository) is { } why)
        {
            throw new RegistryFailure(405, "UNSUPPORTED", why);
        }

        byte[] bytes = await ReadAsync(http);
        Digest actual = digest ?? Digest.Of(bytes);
        if (!actual.Matches(bytes))
        {
            throw RegistryFailure.DigestInvalid("provided digest did not match uploaded content", reference);
        }

        StoredManifest manifest = new(actual, PushedType(http), bytes);
        PushedDocument document = Parse(manifest);
        IReadOnlyList<Digest> missing = await _shelf.PutAsync(
            repository, manifest, document, digest is null ? reference : null, http.RequestAborted);
        if (missing.Count > 0)
        {
            throw new RegistryFailure(
                404, "MANIFEST_BLOB_UNKNOWN", "blob or manifest unknown to this repository",
                [.. missing.Select(child => child.ToString())]);
        }

        http.Response.Headers.Location = $"/v2/{repository.Name}/manifests/{actual}";
        http.Response.Headers["Docker-Content-Digest"] = actual.ToString();
        if (document.Subject is { } subject)
        {
            http.Response.Headers["OCI-Subject"] = subject.ToString();
        }

        await Answer.EmptyAsync(http, StatusCodes.Status201Created);
    }

    private async Task DeleteAsync(HttpContext http, Route route, bool isDigest)
    {
        bool wasThere = isDigest
            ? await _shelf.TryRemoveAsync(route.Repository!, route.Digest, http.RequestAborted)
            : await _shelf.TryRemoveTagAsync(route.Repository!, route.Name, http.RequestAborted);
        if (!wasThere)
        {
            throw RegistryFailure.ManifestUnknown(route.Name);
        }
    }

    private static PushedDocument Parse(StoredManifest manifest)
    {
        try
        {
            return PushedDocument.Parse(manifest);
        }
        catch (TareException e)
        {
            throw RegistryFailure.ManifestInvalid(e.Message);
        }
    }

    private static string PushedType(HttpContext http)
    {
        StringSegment type = new(http.Request.ContentType ?? "");
        int end = type.IndexOf(';');
        string bare = (end < 0 ? type : type.Subsegment(0, end)).Trim().ToString();
        return MediaType.IsWellFormed(bare)
            ? bare
            : throw RegistryFailure.ManifestInvalid("Content-Type must be the manifest's media type");
    }

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength > ManifestShelf.MaxBytes)
        {
            throw TooLarge();
        }

        using MemoryStream bytes = new((int)(http.Request.ContentLength ?? 0));
        byte[] buffer = new byte[16 << 10];
        int n;
        while ((n = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (bytes.Length + n > ManifestShelf.MaxBytes)
            {
                throw TooLarge();
            }

            bytes.Write(buffer, 0, n);
        }

        return bytes.ToArray();
    }

    private static RegistryFailure TooLarge() =>
        new(413, "MANIFEST_INVALID", $"a manifest may have {ManifestShelf.MaxBytes} bytes");
}
