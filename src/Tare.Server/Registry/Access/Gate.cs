// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tare.Server.Hosting;
using Tare.Server.Registry.Access.Tokens;

namespace Tare.Server.Registry.Access;

/// <summary>Decides who a caller is and what they may do.</summary>
/// <remarks>RFC 7617 (basic), RFC 6750 (bearer). Without a password file and tokens everybody may do everything. Thread-safe.</remarks>
/// <param name="files">users and rights as they are now</param>
/// <param name="anonymousPull">pulling needs no name</param>
/// <param name="tokens">null: there are none</param>
internal sealed class Gate(Watched<AccessFiles> files, bool anonymousPull, TokenVerifier? tokens)
{
    private const string Bearer = "Bearer ";

    /// <summary>True when callers can say who they are.</summary>
    public bool AsksWho => tokens is not null || files.Current.Passwords is not null;

    /// <summary>Who sent the request.</summary>
    /// <exception cref="RegistryFailure">UNAUTHORIZED: the password or the token is wrong</exception>
    public async Task<Caller> IdentifyAsync(HttpContext http)
    {
        AccessFiles now = files.Current;
        if (tokens is null && now.Passwords is null)
        {
            return Open(now.Rights);
        }

        string? header = http.Request.Headers.Authorization.FirstOrDefault();
        if (header is null)
        {
            return OfAnonymous(now);
        }

        if (tokens is not null && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return OfToken(now, tokens.Verify(header[Bearer.Length..].Trim()) ?? throw Unauthorized());
        }

        if (!BasicHeader.TryRead(header, out string user, out string password))
        {
            throw Unauthorized();
        }

        return await LogInAsync(user, password, http.RequestAborted) ?? throw Unauthorized();
    }

    /// <summary>A user by name and password; null when they do not fit.</summary>
    public async Task<Caller?> LogInAsync(string user, string password, CancellationToken cancellation)
    {
        AccessFiles now = files.Current;
        return now.Passwords is { } known && await known.VerifyAsync(user, password, cancellation) ? OfUser(now, user) : null;
    }

    /// <summary>A user who proved earlier who they are, unless their password is another one by now.</summary>
    public Caller? Renew(string user, string mark)
    {
        AccessFiles now = files.Current;
        return now.Passwords?.Mark(user) is { } current && Constant.Equal(current, mark) ? OfUser(now, user) : null;
    }

    /// <summary>See <see cref="Renew"/>.</summary>
    public string? Mark(string user) => files.Current.Passwords?.Mark(user);

    /// <summary>Somebody who did not say who they are.</summary>
    public Caller Anonymous() => OfAnonymous(files.Current);

    /// <summary>The answer to somebody who should say who they are, or who said so wrongly.</summary>
    public static RegistryFailure Unauthorized() => new(401, "UNAUTHORIZED", "authentication required");

    /// <summary>Refuses what the caller may not do.</summary>
    /// <exception cref="RegistryFailure">UNAUTHORIZED when a name or another token could help, else DENIED</exception>
    public void Check(Caller caller, Right right, string repository)
    {
        if (!caller.May(right, repository))
        {
            bool canHelp = (caller.User is null && AsksWho)
                || (caller.Obtainable is { } more && (more(repository) & right) == right);
            throw canHelp
                ? Unauthorized()
                : new RegistryFailure(403, "DENIED", "requested access to the resource is denied");
        }
    }

    private static Caller Open(RightsFile? rights)
    {
        Func<string, Right> all = rights is null ? static _ => Right.All : repository => rights.Of(null, repository);
        return new(null, all) { Listed = repository => all(repository).HasFlag(Right.Pull) };
    }

    private Caller OfAnonymous(AccessFiles now)
    {
        Right Of(string repository) =>
            (anonymousPull ? Right.Pull : Right.None) | (now.Rights?.Of(null, repository) ?? Right.None);
        return new(null, Of) { Listed = anonymousPull ? static _ => true : null };
    }

    private static Caller OfUser(AccessFiles now, string user)
    {
        Right Of(string repository) => now.OfUser(user, repository);
        return new(user, Of) { Listed = repository => Of(repository).HasFlag(Right.Pull) };
    }

    /// <summary>Our own tokens give at most what the files give now; those of others what stands in them.</summary>
    private Caller OfToken(AccessFiles now, TokenClaims claims)
    {
        string? user = claims.Subject.Length == 0 ? null : claims.Subject;
        if (!tokens!.IsOwn)
        {
            Right Given(string repository) => claims.Of(repository) | OfAnonymous(now).Rights(repository);
            return new(user, Given) { Listed = claims.ListsCatalog ? static _ => true : null, Obtainable = static _ => Right.All };
        }

        Caller behind = user is null ? OfAnonymous(now) : OfUser(now, user);
        return new(user, repository => claims.Of(repository) & behind.Rights(repository))
        {
            Listed = claims.ListsCatalog ? behind.Listed : null,
            Obtainable = behind.Rights,
        };
    }
}
