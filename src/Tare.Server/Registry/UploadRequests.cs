// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tare.Oci;
using Tare.Server.Registry.Access;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>Requests that bring a blob: whole, in chunks, or from another repository.</summary>
/// <remarks>distribution-spec 1.1 #pushing-blobs, #mounting-a-blob-from-another-repository.</remarks>
internal sealed class UploadRequests(IRegistryStorage storage)
{
    private readonly IBlobs _blobs = storage.Blobs;
    private readonly Uploads _uploads = storage.Uploads;

    /// <summary>Answers to the path that starts _uploads.</summary>
    public async Task StartAsync(HttpContext http, Route route, Caller caller)
    {
        if (storage.RefusesPush(route.Repository!) is { } why)
        {
            throw new RegistryFailure(405, "UNSUPPORTED", why);
        }

        if (http.Request.Method != "POST")
        {
            throw RegistryFailure.MethodUnsupported();
        }

        Repository repository = route.Repository!;
        if (await MountedAsync(http, repository, caller) is { } mounted)
        {
            await CreatedAsync(http, repository, mounted);
            return;
        }

        Digest? digest = http.Request.Query.ContainsKey("digest") ? AskedDigest(http) : null;
        string id = _uploads.Start(repository);
        if (digest is null)
        {
            Describe(http, repository, id, 0);
            await Answer.EmptyAsync(http, StatusCodes.Status202Accepted);
            return;
        }

        using Upload upload = _uploads.TryOpen(repository, id) ?? throw RegistryFailure.UploadUnknown();
        try
        {
            await FinishAsync(http, repository, upload, digest.Value);
        }
        catch
        {
            // nobody was told its id
            _uploads.Remove(upload);
            throw;
        }
    }

    /// <summary>Answers to the path of one upload.</summary>
    public async Task HandleAsync(HttpContext http, Route route)
    {
        Repository repository = route.Repository!;
        if (http.Request.Method is "GET" or "HEAD")
        {
            long length = _uploads.TryMeasure(repository, route.Name) ?? throw RegistryFailure.UploadUnknown();
            Describe(http, repository, route.Name, length);
            await Answer.EmptyAsync(http, StatusCodes.Status204NoContent);
            return;
        }

        if (http.Request.Method is not ("PATCH" or "PUT" or "DELETE"))
        {
            throw RegistryFailure.MethodUnsupported();
        }

        using Upload upload = _uploads.TryOpen(repository, route.Name) ?? throw RegistryFailure.UploadUnknown();
        switch (http.Request.Method)
        {
            case "PATCH":
                await AppendAsync(http, repository, upload);
                upload.MakeDurable();
                Describe(http, repository, upload.Id, upload.Length);
                await Answer.EmptyAsync(http, StatusCodes.Status202Accepted);
                return;
            case "PUT":
                await FinishAsync(http, repository, upload, AskedDigest(http));
                return;
            default:
                _uploads.Remove(upload);
                await Answer.EmptyAsync(http, StatusCodes.Status204NoContent);
                return;
        }
    }

    /// <summary>The digest of the blob that was mounted; null when none was asked for or the source does not have it
    /// for this caller: the client then _uploads.</summary>
    private async Task<Digest?> MountedAsync(HttpContext http, Repository repository, Caller caller)
    {
        bool isWhole = Digest.TryParse(http.Request.Query["mount"].ToString(), out Digest digest)
            & Repository.TryParse(http.Request.Query["from"].ToString(), out Repository? source);
        return isWhole && caller.May(Right.Pull, source!.Name)
            && await _blobs.TryMountAsync(source with { Host = repository.Host }, repository, digest, http.RequestAborted)
                ? digest
                : null;
    }

    private async Task FinishAsync(HttpContext http, Repository repository, Upload upload, Digest digest)
    {
        upload.Expect(digest.Algorithm);
        await AppendAsync(http, repository, upload);
        if (!await _uploads.TryFinishAsync(repository, upload, digest, http.RequestAborted))
        {
            throw RegistryFailure.DigestInvalid("provided digest did not match uploaded content", digest.ToString());
        }

        await CreatedAsync(http, repository, digest);
    }

    private static async Task AppendAsync(HttpContext http, Repository repository, Upload upload)
    {
        long before = upload.Length;
        long max = Upload.MaxBytes - before;
        long? announced = http.Request.ContentLength;
        if (http.Request.Headers.ContentRange.FirstOrDefault() is { } header)
        {
            if (!ByteRange.TryParseContentRange(header, out ByteRange range) || range.First != before)
            {
                Describe(http, repository, upload.Id, before);
                throw new RegistryFailure(
                    416, "BLOB_UPLOAD_INVALID", $"content range {Quoted.Text(header)} does not begin at byte {before}");
            }

            if (announced is not null && announced != range.Length)
            {
                throw RegistryFailure.SizeInvalid(
                    $"content range {Quoted.Text(header)} is not the content length, {announced}");
            }

            announced = range.Length;
        }

        if (announced > max)
        {
            throw new RegistryFailure(413, "SIZE_INVALID", $"a blob may have {Upload.MaxBytes} bytes");
        }

        try
        {
            await upload.AppendAsync(http.Request.Body, announced ?? max, http.RequestAborted);
        }
        catch (TareException e) when (e.Kind == ErrorKind.ResourceExhausted)
        {
            upload.CutTo(before);
            throw RegistryFailure.SizeInvalid(e.Message);
        }

        if (announced is { } length && upload.Length != before + length)
        {
            long got = upload.Length - before;
            upload.CutTo(before);
            throw RegistryFailure.SizeInvalid($"got {got} bytes, want {length}");
        }
    }

    private static Digest AskedDigest(HttpContext http) =>
        Digest.TryParse(http.Request.Query["digest"].ToString(), out Digest digest)
            ? digest
            : throw RegistryFailure.DigestInvalid("query parameter digest is missing or is no digest");

    private static Task CreatedAsync(HttpContext http, Repository repository, Digest digest)
    {
        http.Response.Headers.Location = $"/v2/{repository.Name}/blobs/{digest}";
        http.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        return Answer.EmptyAsync(http, StatusCodes.Status201Created);
    }

    private static void Describe(HttpContext http, Repository repository, string id, long length)
    {
        http.Response.Headers.Location = $"/v2/{repository.Name}/blobs/uploads/{id}";
        http.Response.Headers["Docker-Upload-UUID"] = id;
        // an empty upload has no last byte; everybody writes 0-0 for it
        http.Response.Headers.Range = $"0-{Math.Max(0, length - 1)}";
    }
}
