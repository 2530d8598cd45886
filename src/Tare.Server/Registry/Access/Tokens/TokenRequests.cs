// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Tare.Server.Registry.Access.Tokens;

/// <summary>Answers to <c>/token</c>: exchanges a password for a token that gives what was asked for and what there is a right to.</summary>
/// <remarks>distribution docs/spec/auth/token.md (GET), oauth.md (POST; RFC 6749 §4.3, §6).</remarks>
internal sealed class TokenRequests(Gate gate, SecretKey key, TokenVerifier verifier, string issuer, string service, TimeProvider time)
{
    private const int MaxScopes = 64;
    private const int MaxForm = 16 << 10;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(30);
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public async Task HandleAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        switch (http.Request.Method)
        {
            case "GET":
                await GetAsync(http);
                return;
            case "POST":
                await PostAsync(http);
                return;
            default:
                throw RegistryFailure.MethodUnsupported();
        }
    }

    private async Task GetAsync(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        CheckService(query["service"]);
        Caller caller = gate.Anonymous();
        if (http.Request.Headers.Authorization.FirstOrDefault() is { } header)
        {
            caller = BasicHeader.TryRead(header, out string user, out string password)
                && await gate.LogInAsync(user, password, http.RequestAborted) is { } known
                    ? known
                    : throw Gate.Unauthorized();
        }

        bool wantsRefresh = query["offline_token"] == "true";
        await AnswerAsync(http, caller, query["scope"], wantsRefresh, isOAuth: false);
    }

    private async Task PostAsync(HttpContext http)
    {
        Dictionary<string, StringValues> form = QueryHelpers.ParseQuery(await ReadFormAsync(http));
        CheckService(form.GetValueOrDefault("service"));
        Caller? caller = form.GetValueOrDefault("grant_type").ToString() switch
        {
            "password" => await gate.LogInAsync(
                form.GetValueOrDefault("username").ToString(), form.GetValueOrDefault("password").ToString(), http.RequestAborted),
            "refresh_token" => verifier.VerifyRefresh(form.GetValueOrDefault("refresh_token").ToString()) is { } old
                ? gate.Renew(old.Subject, old.Mark!)
                : null,
            _ => throw new RegistryFailure(400, "UNSUPPORTED", "grant_type must be password or refresh_token"),
        };
        bool wantsRefresh = form.GetValueOrDefault("access_type") == "offline";
        await AnswerAsync(http, caller ?? throw Gate.Unauthorized(), form.GetValueOrDefault("scope"), wantsRefresh, isOAuth: true);
    }

    private Task AnswerAsync(HttpContext http, Caller caller, StringValues scopes, bool wantsRefresh, bool isOAuth)
    {
        IReadOnlyList<AccessEntry> granted = Grant(caller, scopes);
        string token = Make(caller.User ?? "", granted, Life, mark: null);
        // with a key that ends with the process a client would keep something that soon means nothing
        string? refresh = wantsRefresh && key.IsLasting && caller.User is { } user && gate.Mark(user) is { } mark
            ? Make(user, [], RefreshLife, mark)
            : null;
        return Answer.JsonAsync(http, writer =>
        {
            writer.WriteStartObject();
            if (!isOAuth)
            {
                writer.WriteString("token", token);
            }

            writer.WriteString("access_token", token);
            if (refresh is not null)
            {
                writer.WriteString("refresh_token", refresh);
            }

            if (isOAuth)
            {
                writer.WriteString("token_type", "Bearer");
                writer.WriteString("scope", string.Join(' ', granted));
            }

            writer.WriteNumber("expires_in", (int)Life.TotalSeconds);
            writer.WriteString("issued_at", time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        });
    }

    /// <summary>Of what is asked for, what the caller has a right to: less is no error, the registry will say so.</summary>
    private static List<AccessEntry> Grant(Caller caller, StringValues scopes)
    {
        List<AccessEntry> granted = [];
        foreach (string scope in scopes.SelectMany(static each => (each ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Take(MaxScopes))
        {
            AccessEntry? asked = AccessEntry.TryParse(scope);
            if (asked is { IsCatalog: true } && caller.Listed is not null)
            {
                granted.Add(AccessEntry.Catalog);
            }
            else if (asked is { Type: AccessEntry.Repository }
                && AccessEntry.Words(asked.Rights & caller.Rights(asked.Name)) is { Count: > 0 } words)
            {
                granted.Add(asked with { Actions = words });
            }
        }

        return granted;
    }

    private string Make(string user, IReadOnlyList<AccessEntry> access, TimeSpan life, string? mark)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        TokenClaims claims = new(issuer, user, [service], now, now + (long)life.TotalSeconds, access) { Mark = mark };
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        string signed = $"{Header}.{Base64Url.EncodeToString(claims.Write(now, id))}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private void CheckService(StringValues asked)
    {
        if (asked.ToString() is { Length: > 0 } name && name != service)
        {
            throw new RegistryFailure(400, "UNSUPPORTED", "this server makes tokens for itself alone");
        }
    }

    private static async Task<string> ReadFormAsync(HttpContext http)
    {
        byte[] buffer = new byte[MaxForm + 1];
        int n = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        return n <= MaxForm
            ? Encoding.UTF8.GetString(buffer, 0, n)
            : throw new RegistryFailure(413, "SIZE_INVALID", "the form is too long");
    }
}
