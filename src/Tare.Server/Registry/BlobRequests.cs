// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>Requests for a blob of a repository.</summary>
/// <remarks>distribution-spec 1.1 #pulling-blobs, #deleting-blobs.</remarks>
internal sealed class BlobRequests(BlobLinks blobs)
{
    public async Task HandleAsync(HttpContext http, Route route)
    {
        switch (http.Request.Method)
        {
            case "GET" or "HEAD":
                await GetAsync(http, route);
                return;
            case "DELETE":
                Delete(route);
                await Answer.EmptyAsync(http, StatusCodes.Status202Accepted);
                return;
            default:
                throw RegistryFailure.MethodUnsupported();
        }
    }

    private void Delete(Route route)
    {
        if (!blobs.TryRemove(route.Repository!, route.Digest))
        {
            throw RegistryFailure.BlobUnknown(route.Name);
        }
    }

    private async Task GetAsync(HttpContext http, Route route)
    {
        using Fd file = blobs.TryOpen(route.Repository!, route.Digest) ?? throw RegistryFailure.BlobUnknown(route.Name);
        long size = file.Status().Size;
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
            await Answer.FileAsync(http, file, sent);
        }
    }
}
