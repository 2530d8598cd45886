// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>Requests to one bucket: signed, repeated when the server is busy, its refusals as errors of ours.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class BucketClient : IDisposable
{
    /// <summary>Bytes of a list or an error.</summary>
    private const int MaxAnswer = 8 << 20;

    private const int Attempts = 5;
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly string EmptyHash = Signature.Hex(SHA256.HashData([]));

    private readonly BucketOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    public BucketClient(BucketOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>True when nobody between can change a body: it need not be hashed for the signature.</summary>
    public bool IsSecure => _options.Endpoint.Scheme == Uri.UriSchemeHttps;

    /// <summary>The answer, its body not read; null for 404. The caller disposes it.</summary>
    /// <param name="method">of HTTP</param>
    /// <param name="key">without the prefix; empty for the bucket itself</param>
    /// <param name="query">see <see cref="Signature.Query"/></param>
    /// <param name="make">makes the body, anew for each attempt; null for none</param>
    /// <param name="ct">ends it</param>
    /// <exception cref="TareException">Unavailable, PermissionDenied: what the bucket says</exception>
    public async Task<HttpResponseMessage?> SendAsync(
        HttpMethod method, string key, string query, Func<BucketBody>? make, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            (HttpResponseMessage? answer, TareException? failure) = await TryAsync(method, key, query, make?.Invoke(), ct);
            if (failure is null)
            {
                return answer;
            }

            if (failure.Kind != ErrorKind.Unavailable || attempt == Attempts)
            {
                throw failure;
            }

            await Task.Delay(Backoff * (1 << attempt), _time, ct);
        }
    }

    /// <summary>As <see cref="SendAsync"/>, with the whole body as text; null for 404.</summary>
    public async Task<string?> AskAsync(HttpMethod method, string key, string query, Func<BucketBody>? make, CancellationToken ct)
    {
        using HttpResponseMessage? answer = await SendAsync(method, key, query, make, ct);
        return answer is null ? null : Encoding.UTF8.GetString(await ReadAsync(answer, MaxAnswer, ct));
    }

    /// <summary>The whole of a small object; null when it is not there.</summary>
    public async Task<byte[]?> GetAsync(string key, int maxBytes, CancellationToken ct)
    {
        using HttpResponseMessage? answer = await SendAsync(HttpMethod.Get, key, "", null, ct);
        return answer is null ? null : await ReadAsync(answer, maxBytes, ct);
    }

    public async Task<bool> HasAsync(string key, CancellationToken ct)
    {
        using HttpResponseMessage? answer = await SendAsync(HttpMethod.Head, key, "", null, ct);
        return answer is not null;
    }

    public async Task PutAsync(string key, byte[] bytes, CancellationToken ct)
    {
        using HttpResponseMessage? answer = await SendAsync(HttpMethod.Put, key, "", () => BucketBody.Of(bytes), ct);
    }

    public async Task DeleteAsync(string key, CancellationToken ct)
    {
        using HttpResponseMessage? answer = await SendAsync(HttpMethod.Delete, key, "", null, ct);
    }

    /// <summary>A refusal as an error; busy servers are <see cref="ErrorKind.Unavailable"/>.</summary>
    public TareException Refused(string key, int status, string xml) => new(
        status switch
        {
            401 or 403 => ErrorKind.PermissionDenied,
            408 or 409 or 429 or >= 500 => ErrorKind.Unavailable,
            _ => ErrorKind.Internal,
        },
        $"bucket {_options.Bucket}: {key}: status {status}, {XmlText.First(xml, "Code") ?? "no code"}");

    public void Dispose() => _http.Dispose();

    private async Task<(HttpResponseMessage? Answer, TareException? Failure)> TryAsync(
        HttpMethod method, string key, string query, BucketBody? body, CancellationToken ct)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using HttpRequestMessage request = new(method, AddressOf(key, query)) { Content = body?.Content };
        if (body?.From is { } from)
        {
            request.Headers.Range = new(from, null);
        }

        if (_options.Credential is { } credential)
        {
            Signature.Add(request, body?.Hash ?? EmptyHash, credential, _options.Region, _time.GetUtcNow());
        }

        try
        {
            HttpResponseMessage answer = await _http.SendAsync(request, patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                return (answer, null);
            }

            using (answer)
            {
                return answer.StatusCode == HttpStatusCode.NotFound && !await IsMissingBucketAsync(answer, patience.Token)
                    ? (null, null)
                    : (null, Refused(key, (int)answer.StatusCode, Encoding.UTF8.GetString(await ReadAsync(answer, MaxAnswer, patience.Token))));
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return (null, new TareException(ErrorKind.Unavailable, $"bucket {_options.Bucket}: {key}: {e.Message}", inner: e));
        }
    }

    /// <summary>A bucket that is not there must not look like an empty one.</summary>
    private static async Task<bool> IsMissingBucketAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        await answer.Content.LoadIntoBufferAsync(MaxAnswer, ct);
        return (await answer.Content.ReadAsStringAsync(ct)).Contains("NoSuchBucket", StringComparison.Ordinal);
    }

    private Uri AddressOf(string key, string query)
    {
        string path = key.Length == 0 ? "" : _options.Prefix + key;
        string escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        string address = $"{_options.Endpoint.GetLeftPart(UriPartial.Authority)}/{Uri.EscapeDataString(_options.Bucket)}/{escaped}";
        return new(query.Length == 0 ? address : $"{address}?{query}");
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, int maxBytes, CancellationToken ct)
    {
        try
        {
            await answer.Content.LoadIntoBufferAsync(maxBytes, ct);
            return await answer.Content.ReadAsByteArrayAsync(ct);
        }
        catch (HttpRequestException e)
        {
            throw new TareException(ErrorKind.Unavailable, $"bucket: an answer of more than {maxBytes} bytes, or one that broke off", inner: e);
        }
    }
}
