// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Text;
using Tare.Images.Remote.Credentials;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>What proves to one registry who asks: made from its challenges, kept for the scopes that it is for.</summary>
/// <remarks>
/// What it sends where: the credential to the registry's own origin (Basic) or to the token server that the registry named
/// itself, over a transport not weaker than its own; a token to the registry's own origin. Whoever uses it asks only for
/// requests to that origin, and brings only challenges that came from there: neither survives a redirect.
/// distribution docs/spec/auth/token.md, oauth.md. Safe to use from several threads.
/// </remarks>
internal sealed class Authorization(RegistryHost host, RegistryTransport transport, RegistryOptions options) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, AuthenticationHeaderValue> _known = new(StringComparer.Ordinal);
    private Credential? _credential;
    private bool _hasAsked;

    /// <summary>What is known to be wanted for a scope; null before the first challenge.</summary>
    public AuthenticationHeaderValue? For(string scope)
    {
        lock (_known)
        {
            return _known.GetValueOrDefault(scope);
        }
    }

    /// <summary>Answers a challenge; false when nothing new can be said to it.</summary>
    /// <param name="scope">what is wanted; never what the registry says that we want</param>
    /// <param name="challenges">from the registry's own origin</param>
    /// <param name="refused">what was sent with the request that was challenged</param>
    /// <param name="ct">stops waiting</param>
    /// <exception cref="TareException">PermissionDenied for a realm that may not be asked; Unauthenticated; Unavailable</exception>
    public async Task<bool> AnswerAsync(
        string scope, IReadOnlyList<Challenge> challenges, AuthenticationHeaderValue? refused, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (For(scope) is { } newer && newer != refused)
            {
                return true;
            }
            AuthenticationHeaderValue? answer = await MakeAsync(scope, challenges, ct);
            if (answer is null || answer.Equals(refused))
            {
                return false;
            }
            lock (_known)
            {
                _known[scope] = answer;
            }
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<AuthenticationHeaderValue?> MakeAsync(
        string scope, IReadOnlyList<Challenge> challenges, CancellationToken ct)
    {
        if (challenges.FirstOrDefault(static c => c.Is("Bearer")) is { } bearer)
        {
            return new AuthenticationHeaderValue("Bearer", await FetchAsync(bearer, scope, ct));
        }
        bool wantsBasic = challenges.Any(static c => c.Is("Basic"));
        return wantsBasic && Credential() is { IsIdentityToken: false } known ? Basic(known) : null;
    }

    /// <summary>Asked for once, and only when a registry wants it: a credential helper may ask the user.</summary>
    private Credential? Credential()
    {
        if (!_hasAsked)
        {
            _credential = options.Credentials(host.Name);
            _hasAsked = true;
        }
        return _credential;
    }

    private static AuthenticationHeaderValue Basic(Credential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.User}:{credential.Secret}")));

    private Task<string> FetchAsync(Challenge bearer, string scope, CancellationToken ct)
    {
        Uri realm = CheckRealm(bearer["realm"]);
        return Attempts.RunAsync(options, $"token server {realm.Host}", () => FetchOnceAsync(realm, bearer, scope, ct), ct);
    }

    private async Task<string> FetchOnceAsync(Uri realm, Challenge bearer, string scope, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Stall);
        using HttpRequestMessage request = TokenRequest.Make(
            realm, bearer["service"], scope, Credential(), wantsIdentity: options.TakeIdentityToken is not null);
        if (request.Method == HttpMethod.Get && Credential() is { } known)
        {
            request.Headers.Authorization = Basic(known);
        }
        try
        {
            using HttpResponseMessage answer = await transport.SendAsync(request, patience.Token);
            if (!answer.IsSuccessStatusCode)
            {
                throw await RefusedAsync(realm, answer, patience.Token);
            }
            byte[] body = await BoundedBody.ReadAsync(answer, RegistryOptions.MaxTokenBytes, $"token server {realm.Host}", patience.Token);
            TokenAnswer said = TokenAnswer.Read(body)
                ?? throw new TareException(ErrorKind.Corrupt, $"token server {realm.Host}: its answer holds no token");
            if (said.Identity is { } identity)
            {
                options.TakeIdentityToken?.Invoke(identity);
            }
            return said.Access;
        }
        catch (Exception e) when (NetworkFailure.Is(e) || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Failures.Of(e, $"token server {realm.Host}");
        }
    }

    private static async Task<Exception> RefusedAsync(Uri realm, HttpResponseMessage answer, CancellationToken ct) =>
        Failures.IsTransient(answer) ? Failures.OfBusy(answer) : await RegistryError.OfAsync($"token server {realm.Host}", answer, ct);

    /// <summary>A registry over TLS names a realm over TLS; one without may name one of its own host.</summary>
    private Uri CheckRealm(string? realm)
    {
        if (!Uri.TryCreate(realm, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0)
        {
            throw new TareException(ErrorKind.Corrupt, $"{host.Name}: its token server {Quoted.Text(realm)} is not a URL");
        }
        bool isFine = uri.Scheme == Uri.UriSchemeHttps
            || (!host.Origin.IsSecure && Origin.Of(uri).Host == host.Origin.Host);
        return isFine
            ? uri
            : throw new TareException(
                ErrorKind.PermissionDenied,
                $"{host.Name}: names the token server {Quoted.Text(realm)}, where credentials could be read on the way");
    }
}
