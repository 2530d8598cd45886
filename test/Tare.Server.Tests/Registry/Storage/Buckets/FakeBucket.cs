// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Tare.Server.Tests.Registry.Storage.Buckets;

/// <summary>A small S3 server in memory: objects, ranges, lists in small pages, parts; it checks signatures by its own reading of
/// the rules, and the hash of each body.</summary>
public sealed class FakeBucket : IAsyncDisposable
{
    public const string AccessKey = "AKIDEXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Region = "eu-test-1";
    private const int Page = 3;
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<int, byte[]>> _parts = [];
    private int _failures;

    private FakeBucket(WebApplication app)
    {
        _app = app;
        app.Run(HandleAsync);
    }

    public ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset Modified)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests that were refused although they were ours.</summary>
    public ConcurrentQueue<string> Refused { get; } = [];

    public int PartsJoined { get; private set; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<FakeBucket> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        FakeBucket bucket = new(builder.Build());
        await bucket._app.StartAsync();
        return bucket;
    }

    /// <summary>The next requests are answered with 503.</summary>
    public void BeBusy(int requests) => _failures = requests;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        byte[] bytes = body.ToArray();
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            await ErrorAsync(http, 503, "SlowDown");
            return;
        }

        if (WhyRefused(http, bytes) is { } why)
        {
            Refused.Enqueue($"{http.Request.Method} {http.Request.Path}: {why}");
            await ErrorAsync(http, 403, why);
            return;
        }

        string path = http.Request.Path.Value!;
        if (!path.StartsWith("/images/", StringComparison.Ordinal))
        {
            await ErrorAsync(http, 404, "NoSuchBucket");
            return;
        }

        string key = path["/images/".Length..];
        IQueryCollection query = http.Request.Query;
        await ((http.Request.Method, key.Length) switch
        {
            ("GET", 0) => ListAsync(http),
            ("GET", _) or ("HEAD", _) => GetAsync(http, key),
            ("POST", _) when query.ContainsKey("uploads") => BeginAsync(http),
            ("POST", _) => JoinAsync(http, key, query["uploadId"]!, Encoding.UTF8.GetString(bytes)),
            ("PUT", _) when query.ContainsKey("partNumber") => PartAsync(http, bytes),
            ("PUT", _) => PutAsync(http, key, bytes),
            _ => DeleteAsync(http, key),
        });
    }

    private async Task GetAsync(HttpContext http, string key)
    {
        if (!Objects.TryGetValue(key, out (byte[] Bytes, DateTimeOffset Modified) found))
        {
            await ErrorAsync(http, 404, "NoSuchKey");
            return;
        }

        http.Response.Headers.LastModified = found.Modified.ToString("R", CultureInfo.InvariantCulture);
        byte[] bytes = found.Bytes;
        if (http.Request.GetTypedHeaders().Range?.Ranges.Single() is { } range)
        {
            http.Response.StatusCode = 206;
            http.Response.Headers.ContentRange = $"bytes {range.From}-{bytes.Length - 1}/{bytes.Length}";
            bytes = bytes[(int)range.From!.Value..];
        }

        http.Response.ContentLength = bytes.Length;
        if (http.Request.Method != "HEAD")
        {
            await http.Response.Body.WriteAsync(bytes);
        }
    }

    private Task PutAsync(HttpContext http, string key, byte[] bytes)
    {
        // S3 tells whole seconds
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Objects[key] = (bytes, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
        http.Response.Headers.ETag = "\"" + Convert.ToHexStringLower(SHA256.HashData(bytes)) + "\"";
        return Task.CompletedTask;
    }

    private Task DeleteAsync(HttpContext http, string key)
    {
        Objects.TryRemove(key, out _);
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task BeginAsync(HttpContext http)
    {
        string id = Guid.NewGuid().ToString("N");
        _parts[id] = [];
        return http.Response.WriteAsync($"<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
    }

    private Task PartAsync(HttpContext http, byte[] bytes)
    {
        int number = int.Parse(http.Request.Query["partNumber"]!, CultureInfo.InvariantCulture);
        _parts[http.Request.Query["uploadId"]!][number] = bytes;
        http.Response.Headers.ETag = "\"" + Convert.ToHexStringLower(SHA256.HashData(bytes)) + "\"";
        return Task.CompletedTask;
    }

    private async Task JoinAsync(HttpContext http, string key, string id, string list)
    {
        IReadOnlyList<byte[]> parts = [.. _parts[id].OrderBy(static part => part.Key).Select(static part => part.Value)];
        bool isWhole = parts.Select((part, index) => $"<Part><PartNumber>{index + 1}</PartNumber><ETag>&quot;{Convert.ToHexStringLower(SHA256.HashData(part))}&quot;</ETag></Part>")
            .All(part => list.Contains(part, StringComparison.Ordinal));
        bool areLarge = parts.SkipLast(1).All(static part => part.Length >= 5 << 20);
        if (!isWhole || !areLarge)
        {
            // with status 200, as S3 does
            await http.Response.WriteAsync("<Error><Code>InvalidPart</Code></Error>");
            return;
        }

        PartsJoined += parts.Count;
        await PutAsync(http, key, [.. parts.SelectMany(static part => part)]);
        await http.Response.WriteAsync("<CompleteMultipartUploadResult><ETag>\"x\"</ETag></CompleteMultipartUploadResult>");
    }

    private Task ListAsync(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        string prefix = query["prefix"].ToString();
        string after = query["continuation-token"].ToString() is { Length: > 0 } token
            ? Encoding.UTF8.GetString(Convert.FromBase64String(token))
            : query["start-after"].ToString();
        string delimiter = query["delimiter"].ToString();
        List<string> entries = [.. Objects.Keys
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => delimiter.Length > 0 && key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var end ? key[..(end + 1)] : key)
            .Distinct()
            .Where(entry => string.CompareOrdinal(entry, after) > 0)
            .Order(StringComparer.Ordinal)];
        StringBuilder xml = new("<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        foreach (string entry in entries.Take(Page))
        {
            xml.Append(entry.EndsWith('/')
                ? $"<CommonPrefixes><Prefix>{WebUtility.HtmlEncode(entry)}</Prefix></CommonPrefixes>"
                : $"<Contents><Key>{WebUtility.HtmlEncode(entry)}</Key><LastModified>{Objects[entry].Modified:yyyy-MM-ddTHH:mm:ss.000Z}</LastModified><Size>{Objects[entry].Bytes.Length}</Size></Contents>");
        }

        if (entries.Count > Page)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{Convert.ToBase64String(Encoding.UTF8.GetBytes(entries[Page - 1]))}</NextContinuationToken>");
        }

        return http.Response.WriteAsync(xml.Append("</ListBucketResult>").ToString());
    }

    private static Task ErrorAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        return http.Request.Method == "HEAD" ? Task.CompletedTask : http.Response.WriteAsync($"<Error><Code>{code}</Code></Error>");
    }

    /// <summary>Null for a request whose signature is right.</summary>
    private static string? WhyRefused(HttpContext http, byte[] body)
    {
        IHeaderDictionary headers = http.Request.Headers;
        string hash = headers["x-amz-content-sha256"].ToString();
        if (hash != Convert.ToHexStringLower(SHA256.HashData(body)))
        {
            return "XAmzContentSHA256Mismatch";
        }

        string time = headers["x-amz-date"].ToString();
        string raw = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        string[] target = raw.Split('?', 2);
        string query = target.Length == 1 ? "" : string.Join('&', target[1].Split('&').Order(StringComparer.Ordinal));
        string canonical = $"{http.Request.Method}\n{target[0]}\n{query}\nhost:{headers.Host}\nx-amz-content-sha256:{hash}\nx-amz-date:{time}\n\n"
            + $"host;x-amz-content-sha256;x-amz-date\n{hash}";
        string scope = $"{time[..8]}/{Region}/s3/aws4_request";
        string toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + Secret), time[..8]), Region), "s3"), "aws4_request");
        string wanted = $"AWS4-HMAC-SHA256 Credential={AccessKey}/{scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
            + $"Signature={Convert.ToHexStringLower(Mac(key, toSign))}";
        return headers.Authorization == wanted ? null : "SignatureDoesNotMatch";
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
