// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tare.Images.Sql;
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
    AccessControl access,
    Metrics metrics,
    AccessLog log)
{
    /// <summary>What the log says of a client that did not wait for the answer.</summary>
    private const int Gone = 499;

    private Gate Gate => access.Gate;

    public async Task HandleAsync(HttpContext http)
    {
        long begin = Stopwatch.GetTimestamp();
        metrics.Begin();
        Caller? caller = null;
        try
        {
            if (http.Request.Path == "/token" && access.Tokens is { } tokens)
            {
                await tokens.HandleAsync(http);
                return;
            }

            caller = await Gate.IdentifyAsync(http);
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
            case "/metrics" when caller.User is null && Gate.AsksWho:
                throw Gate.Unauthorized();
            case "/metrics":
                return Answer.BytesAsync(http, "text/plain; version=0.0.4", Encoding.ASCII.GetBytes(metrics.Format()));
        }

        http.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        Route route = Route.Parse(path) ?? throw new RegistryFailure(404, "UNSUPPORTED", "no such endpoint");
        if (route.Repository is { } repository)
        {
            Gate.Check(caller, Needed(http.Request.Method, route.Subject), repository.Name);
            route = route with { Repository = repository with { Host = OurName(http) } };
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
        if (caller.User is null && Gate.AsksWho)
        {
            // also with 200: clients of containers/image then know how to push where pulling needs no password
            http.Response.Headers.WWWAuthenticate = access.Challenge.Of(http, scope: null, isToken: false);
            // who has no name gets a token too, so nobody is shut out by being asked for one
            if (!caller.May(Right.Pull, "") || (access.Tokens is not null && !IsBearer(http)))
            {
                throw Gate.Unauthorized();
            }
        }

        return http.Request.Method is "GET" or "HEAD"
            ? Answer.BytesAsync(http, "application/json", "{}"u8.ToArray())
            : throw RegistryFailure.MethodUnsupported();
    }

    private Task CatalogAsync(HttpContext http, Caller caller) =>
        caller.Listed is null
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
            http.Response.Headers.WWWAuthenticate = access.Challenge.Of(http, Scope(http), IsBearer(http));
        }

        await Answer.FailureAsync(http, failure);
    }

    private static bool IsBearer(HttpContext http) =>
        http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a token has to give for this request; null when any will do.</summary>
    private static string? Scope(HttpContext http)
    {
        Route? route;
        try
        {
            route = Route.Parse(http.Request.Path.Value ?? "");
        }
        catch (RegistryFailure)
        {
            return null;
        }

        if (route?.Subject == Subject.Catalog)
        {
            return "registry:catalog:*";
        }

        // who pushes looks first whether a blob is there, and gets along with one token
        return route?.Repository is not { } repository ? null : Needed(http.Request.Method, route.Subject) switch
        {
            Right.Push => $"repository:{repository.Name}:pull,push",
            Right.Delete => $"repository:{repository.Name}:delete",
            _ => $"repository:{repository.Name}:pull",
        };
    }

    /// <summary>How the client calls this server, if it is by an address that its connection came to.</summary>
    private static string? OurName(HttpContext http)
    {
        ConnectionInfo connection = http.Connection;
        if (connection.LocalIpAddress is not { } local || http.Request.Host.Port != connection.LocalPort)
        {
            return null;
        }

        local = local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        string name = http.Request.Host.Host;
        bool isOurs = (name == "localhost" && IPAddress.IsLoopback(local))
            || (IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address) && address.Equals(local));
        return isOurs ? $"{name}:{connection.LocalPort}" : null;
    }

    /// <summary>The one table of what our failures are to clients.</summary>
    private static RegistryFailure Translate(Exception cause) => cause switch
    {
        RegistryFailure known => known,
        _ when IsFullDisk(cause) => new(507, "UNKNOWN", "the registry's disk is full"),
        BadHttpRequestException bad => new(bad.StatusCode, "SIZE_INVALID", "the request's body is malformed or too slow"),
        TareException { Kind: ErrorKind.NotFound } gone => new(404, "BLOB_UNKNOWN", gone.Message),
        TareException { Kind: ErrorKind.InvalidArgument } wrong => new(400, "NAME_INVALID", wrong.Message),
        TareException { Kind: ErrorKind.Unavailable } away => new(502, "UNKNOWN", away.Message),
        TareException { Kind: ErrorKind.Conflict } busy => new(409, "BLOB_UPLOAD_INVALID", busy.Message),
        LinuxException { Errno: Errno.EROFS } => new(503, "UNKNOWN", "the registry's disk is read-only"),
        _ => new(500, "UNKNOWN", "the registry failed; its log says more"),
    };

    /// <summary>Also where somebody said what was being written, or the database said it.</summary>
    private static bool IsFullDisk(Exception? cause) => cause switch
    {
        null => false,
        LinuxException { Errno: Errno.ENOSPC or Errno.EDQUOT } => true,
        TareException { Kind: ErrorKind.ResourceExhausted, InnerException: SqlException } => true,
        _ => IsFullDisk(cause.InnerException),
    };
}
