// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tare.Oci;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>Requests for a blob of a repository.</summary>
/// <remarks>distribution-spec 1.1 #pulling-blobs, #deleting-blobs.</remarks>
internal sealed class BlobRequests(IBlobs blobs)
{
    public async Task HandleAsync(HttpContext http, Route route)
    {
        switch (http.Request.Method)
        {
            case "GET" or "HEAD":
                await GetAsync(http, route);
                return;
            case "DELETE":
                await DeleteAsync(http, route);
                await Answer.EmptyAsync(http, StatusCodes.Status202Accepted);
                return;
            default:
                throw RegistryFailure.MethodUnsupported();
        }
    }

    private async Task DeleteAsync(HttpContext http, Route route)
    {
        if (!await blobs.TryRemoveAsync(route.Repository!, route.Digest, http.RequestAborted))
        {
            throw RegistryFailure.BlobUnknown(route.Name);
        }
    }

    private async Task GetAsync(HttpContext http, Route route)
    {
        using IBlobContent content = await blobs.TryOpenAsync(route.Repository!, route.Digest, http.RequestAborted)
            ?? throw RegistryFailure.BlobUnknown(route.Name);
        long size = content.Size;
        string tag = $"\"{route.Name}\"";
        http.Response.Headers["Docker-Content-Digest"] = route.Name;
        http.Response.Headers.ETag = tag;
        http.Response.Headers.AcceptRanges = "bytes";
        http.Response.Headers.CacheControl = "max-age=31536000";
        if (http.Request.Headers.IfNoneMatch.Contains(tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        string? asked = http.Request.Headers.Range.FirstOrDefault();
        bool isCurrent = http.Request.Headers.IfRange.FirstOrDefault() is not { } condition || condition == tag;
        ByteRange? range = isCurrent ? ByteRange.Asked(asked, size) : null;
        if (range?.First >= size)
        {
            http.Response.Headers.ContentRange = $"bytes */{size}";
            throw new RegistryFailure(416, "SIZE_INVALID", $"range {Quoted.Text(asked)} is not inside of {size} bytes");
        }

        http.Response.ContentType = "application/octet-stream";
        http.Response.StatusCode = range is null ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
        ByteRange sent = range ?? new(0, size - 1);
        http.Response.ContentLength = sent.Length;
        if (range is not null)
        {
            http.Response.Headers.ContentRange = $"bytes {sent.First}-{sent.Last}/{size}";
        }

        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await Answer.ContentAsync(http, content, sent);
        }
    }
}
