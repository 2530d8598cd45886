// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Speaks to one registry: authorization, redirects, repeated attempts.</summary>
/// <remarks>
/// What it never does: send a credential or token to another origin than the registry's, answer a challenge of one, follow a
/// redirect from TLS to plain HTTP. distribution-spec v1.1; RFC 9110. Safe to use from several threads.
/// </remarks>
internal sealed class RegistryClient : IDisposable
{
    private readonly RegistryTransport _transport;
    private readonly Authorization _authorization;
    private volatile bool _hasAnswered;

    private RegistryClient(RegistryHost host, RegistryOptions options)
    {
        Host = host;
        Options = options;
        _transport = new RegistryTransport(host, options);
        _authorization = new Authorization(host, _transport, options);
    }

    public RegistryHost Host { get; }

    public RegistryOptions Options { get; }

    /// <summary>A client for a registry; an insecure one is asked by TLS first and then, without credentials, by HTTP.</summary>
    /// <exception cref="TareException">Unavailable</exception>
    public static async Task<RegistryClient> OpenAsync(RegistryHost host, RegistryOptions options, CancellationToken ct)
    {
        if (!host.IsInsecure || !host.Origin.IsSecure)
        {
            return new RegistryClient(host, options);
        }
        var secure = new RegistryClient(host, options);
        try
        {
            using var probe = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "v2/"));
            using HttpResponseMessage answer = await secure.SendAsync(probe, ct);
            return secure;
        }
        catch (Exception e) when (e is TransientException or TareException { Kind: ErrorKind.Unavailable })
        {
            secure.Dispose();
            var plain = new UriBuilder(host.Address) { Scheme = Uri.UriSchemeHttp };
            plain.Port = host.Address.IsDefaultPort ? 80 : host.Address.Port;
            return new RegistryClient(host with { Address = plain.Uri }, options);
        }
        catch
        {
            secure.Dispose();
            throw;
        }
    }

    /// <summary>The headers of a good answer, its body not yet read; the caller disposes it.</summary>
    /// <exception cref="TareException">Unavailable, Unauthenticated, PermissionDenied, NotFound …</exception>
    public Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken ct) =>
        Attempts.RunAsync(Options, Host.Name, () => SendOnceAsync(request, ct), ct);

    /// <summary>The whole of a small answer; null when there is no such thing (404).</summary>
    public Task<WholeAnswer?> GetWholeAsync(RegistryRequest request, int maxBytes, CancellationToken ct) =>
        Attempts.RunAsync(Options, Host.Name, () => GetWholeOnceAsync(request, maxBytes, ct), ct);

    /// <summary>One attempt.</summary>
    /// <exception cref="TransientException">another one may do better</exception>
    public async Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, CancellationToken ct)
    {
        HttpResponseMessage answer = await FollowAsync(request, ct);
        try
        {
            int code = (int)answer.StatusCode;
            if (answer.IsSuccessStatusCode || request.Expects.Contains(code))
            {
                return answer;
            }
            throw Failures.IsTransient(answer) ? Failures.OfBusy(answer) : await RegistryError.OfAsync(Host.Name, answer, ct);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _authorization.Dispose();
        _transport.Dispose();
    }

    private async Task<WholeAnswer?> GetWholeOnceAsync(RegistryRequest request, int maxBytes, CancellationToken ct)
    {
        using HttpResponseMessage answer = await SendOnceAsync(request with { Expects = [.. request.Expects, 404] }, ct);
        if ((int)answer.StatusCode == 404)
        {
            return null;
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Options.Stall);
        try
        {
            byte[] body = await BoundedBody.ReadAsync(answer, maxBytes, Host.Name, patience.Token);
            string? link = answer.Headers.NonValidated.TryGetValues("Link", out HeaderStringValues links) ? links.ToString() : null;
            return new WholeAnswer(answer.Content.Headers.ContentType?.MediaType, link, body);
        }
        catch (Exception e) when (NetworkFailure.Is(e) || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Failures.Of(e, Host.Name);
        }
    }

    /// <summary>Sends, proves who asks when the registry wants that, and goes where it leads.</summary>
    private async Task<HttpResponseMessage> FollowAsync(RegistryRequest request, CancellationToken ct)
    {
        Uri address = new(new Uri(Host.Address, "v2/"), request.Path);
        bool isAnswered = false;
        for (int redirects = 0; ;)
        {
            bool isHome = Origin.Of(address) == Host.Origin;
            using HttpRequestMessage message = Make(request, address);
            AuthenticationHeaderValue? proof = isHome ? _authorization.For(request.Scope) : null;
            message.Headers.Authorization = proof;
            HttpResponseMessage answer = await SendAsync(message, ct);
            bool isChallenge = (int)answer.StatusCode == 401 && isHome && redirects == 0 && !isAnswered;
            Uri? next = isChallenge ? address : Target(request, address, answer);
            if (next is null)
            {
                return answer;
            }
            using (answer)
            {
                if (isChallenge)
                {
                    isAnswered = true;
                    if (!await _authorization.AnswerAsync(request.Scope, Challenges(answer), proof, ct))
                    {
                        throw await RegistryError.OfAsync(Host.Name, answer, ct);
                    }
                }
                else if (++redirects > RegistryOptions.MaxRedirects)
                {
                    throw new TareException(ErrorKind.Corrupt, $"{Host.Name}: leads from one address to the next without end");
                }
            }
            address = next;
        }
    }

    private static IReadOnlyList<Challenge> Challenges(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("WWW-Authenticate", out HeaderStringValues values) ? Challenge.Parse(values) : [];

    /// <summary>Where a redirect leads; null when the answer is none that is to be followed.</summary>
    private Uri? Target(RegistryRequest request, Uri from, HttpResponseMessage answer)
    {
        bool isRedirect = (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308
            && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head);
        if (!isRedirect || answer.Headers.Location is not { } location)
        {
            return null;
        }
        var target = new Uri(from, location);
        bool isFine = target.Scheme == Uri.UriSchemeHttps
            || (target.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp);
        return isFine && target.UserInfo.Length == 0
            ? target
            : throw new TareException(
                ErrorKind.PermissionDenied, $"{Host.Name}: leads to {Quoted.Text(target.GetLeftPart(UriPartial.Authority))}, which is not trusted");
    }

    private static HttpRequestMessage Make(RegistryRequest request, Uri address)
    {
        var message = new HttpRequestMessage(request.Method, address) { Content = request.Content?.Invoke() };
        foreach (string type in request.Accept)
        {
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("tare", null));
        if (request.From is { } from)
        {
            message.Headers.Range = new RangeHeaderValue(from, null);
        }
        return message;
    }

    /// <summary>The headers of the answer, in the time that there is for them.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Options.Stall);
        if (message.Content is BlobContent blob)
        {
            blob.Patience = patience;
        }
        try
        {
            HttpResponseMessage answer = await _transport.SendAsync(message, patience.Token);
            _hasAnswered = true;
            return answer;
        }
        catch (Exception e) when (NetworkFailure.Is(e) || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            string who = Origin.Of(message.RequestUri!) == Host.Origin ? Host.Name : $"{Host.Name}, by way of {message.RequestUri!.Host}";
            throw !_hasAnswered && NetworkFailure.IsOfNobody(e)
                ? new TareException(ErrorKind.Unavailable, $"{who}: {NetworkFailure.Explain(e)}", inner: e)
                : Failures.Of(e, who);
        }
    }
}
