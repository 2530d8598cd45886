// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tare.Linux;
using Tare.Oci;
using Tare.Server.Registry.Access;

namespace Tare.Server.Registry;

/// <summary>Answers every request: finds what it is about, whether its caller may, and turns failure into an answer.</summary>
internal sealed class RegistryRequests(
    BlobRequests blobs,
    UploadRequests uploads,
    ManifestRequests manifests,
    ListRequests lists,
    Gate gate,
    Metrics metrics,
    AccessLog log)
{
    /// <summary>What the log says of a client that did not wait for the answer.</summary>
    private const int Gone = 499;

    private const string Challenge = "Basic realm=\"tare registry\", charset=\"UTF-8\"";

    public async Task HandleAsync(HttpContext http)
    {
        long begin = Stopwatch.GetTimestamp();
        metrics.Begin();
        Caller? caller = null;
        try
        {
            caller = await gate.IdentifyAsync(http);
            await DispatchAsync(http, caller);
        }
        catch (Exception e)
        {
            await FailAsync(http, e);
        }
        finally
        {
            TimeSpan took = Stopwatch.GetElapsedTime(begin);
            metrics.End(
                http.Request.Method, http.Response.StatusCode, took,
                http.Request.ContentLength ?? 0, http.Response.ContentLength ?? 0);
            log.Write(http, caller?.User, took);
        }
    }

    private Task DispatchAsync(HttpContext http, Caller caller)
    {
        string path = http.Request.Path.Value ?? "";
        switch (path)
        {
            case "/healthz":
                return Answer.BytesAsync(http, "text/plain", "ok\n"u8.ToArray());
            case "/metrics" when caller.User is null && gate.AsksForPasswords:
                throw Gate.Unauthorized();
            case "/metrics":
                return Answer.BytesAsync(http, "text/plain; version=0.0.4", Encoding.ASCII.GetBytes(metrics.Format()));
        }

        http.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        Route route = Route.Parse(path) ?? throw new RegistryFailure(404, "UNSUPPORTED", "no such endpoint");
        if (route.Repository is { } repository)
        {
            gate.Check(caller, Needed(http.Request.Method, route.Subject), repository.Name);
        }

        return route.Subject switch
        {
            Subject.Base => BaseAsync(http, caller),
            Subject.Catalog => CatalogAsync(http, caller),
            Subject.Tags => lists.TagsAsync(http, route.Repository!),
            Subject.Referrers => lists.ReferrersAsync(http, route.Repository!, route.Digest),
            Subject.Manifest => manifests.HandleAsync(http, route),
            Subject.Blob => blobs.HandleAsync(http, route),
            Subject.UploadStart => uploads.StartAsync(http, route, caller),
            _ => uploads.HandleAsync(http, route),
        };
    }

    /// <summary>Uploads are a pusher's, whatever is done to them: cancelling one deletes nothing that others see.</summary>
    private static Right Needed(string method, Subject subject) =>
        subject is Subject.Upload or Subject.UploadStart ? Right.Push
        : method == "DELETE" ? Right.Delete
        : method is "GET" or "HEAD" ? Right.Pull
        : Right.Push;

    /// <summary>Clients ask here whether they must say who they are; with anonymous pulls they need not.</summary>
    private Task BaseAsync(HttpContext http, Caller caller)
    {
        if (caller.User is null && gate.AsksForPasswords)
        {
            // also with 200: clients of containers/image then know how to push where pulling needs no password
            http.Response.Headers.WWWAuthenticate = Challenge;
            if (!caller.May(Right.Pull, ""))
            {
                throw Gate.Unauthorized();
            }
        }

        return http.Request.Method is "GET" or "HEAD"
            ? Answer.BytesAsync(http, "application/json", "{}"u8.ToArray())
            : throw RegistryFailure.MethodUnsupported();
    }

    private Task CatalogAsync(HttpContext http, Caller caller) =>
        caller.User is null && gate.AsksForPasswords && !caller.May(Right.Pull, "")
            ? throw Gate.Unauthorized()
            : lists.CatalogAsync(http, caller);

    private async Task FailAsync(HttpContext http, Exception cause)
    {
        if (cause is OperationCanceledException or IOException or ObjectDisposedException && http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = http.Response.HasStarted ? http.Response.StatusCode : Gone;
            return;
        }

        RegistryFailure failure = Translate(cause);
        if (failure.Status >= StatusCodes.Status500InternalServerError)
        {
            log.Say($"{http.Request.Method} {http.Request.Path}: {cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}");
        }

        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        if (failure.Status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = Challenge;
        }

        await Answer.FailureAsync(http, failure);
    }

    /// <summary>The one table of what our failures are to clients.</summary>
    private static RegistryFailure Translate(Exception cause) => cause switch
    {
        RegistryFailure known => known,
        BadHttpRequestException bad => new(bad.StatusCode, "SIZE_INVALID", "the request's body is malformed or too slow"),
        TareException { Kind: ErrorKind.Conflict } busy => new(409, "BLOB_UPLOAD_INVALID", busy.Message),
        LinuxException { Errno: Errno.ENOSPC or Errno.EDQUOT } => new(507, "UNKNOWN", "the registry's disk is full"),
        LinuxException { Errno: Errno.EROFS } => new(503, "UNKNOWN", "the registry's disk is read-only"),
        _ => new(500, "UNKNOWN", "the registry failed; its log says more"),
    };
}
