// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tare.Server.Registry.Access;

/// <summary>Decides who a caller is and what they may do.</summary>
/// <remarks>
/// RFC 7617 (basic). Without a password file everybody may do everything. A right password is remembered for some
/// minutes, as a keyed hash in memory, because bcrypt is slow; of wrong ones few are computed at a time, so that guesses
/// cannot take the processor away from others. Thread-safe.
/// </remarks>
internal sealed class Gate(PasswordFile? passwords, RightsFile? rights, bool anonymousPull, TimeProvider time) : IDisposable
{
    private const int MaxHeader = 1024;
    private const int MaxRemembered = 4096;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim _computing = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly ConcurrentDictionary<string, DateTimeOffset> _known = [];

    /// <summary>True when callers can say who they are.</summary>
    public bool AsksForPasswords => passwords is not null;

    /// <summary>Who sent the request.</summary>
    /// <exception cref="RegistryFailure">UNAUTHORIZED: the password is wrong</exception>
    public async Task<Caller> IdentifyAsync(HttpContext http)
    {
        if (passwords is null)
        {
            return new(null, rights is null ? static _ => Right.All : repository => rights.Of(null, repository));
        }

        string? header = http.Request.Headers.Authorization.FirstOrDefault();
        if (header is null)
        {
            return new(null, OfAnonymous);
        }

        if (!TryRead(header, out string user, out string password) || !await VerifyAsync(user, password, http.RequestAborted))
        {
            throw Unauthorized();
        }

        return new(user, repository => rights?.Of(user, repository) ?? Right.All);
    }

    /// <summary>The answer to somebody who should say who they are, or who said so wrongly.</summary>
    public static RegistryFailure Unauthorized() => new(401, "UNAUTHORIZED", "authentication required");

    /// <summary>Refuses what the caller may not do.</summary>
    /// <exception cref="RegistryFailure">UNAUTHORIZED when a name could help, else DENIED</exception>
    public void Check(Caller caller, Right right, string repository)
    {
        if (!caller.May(right, repository))
        {
            throw caller.User is null && AsksForPasswords
                ? Unauthorized()
                : new RegistryFailure(403, "DENIED", "requested access to the resource is denied");
        }
    }

    public void Dispose() => _computing.Dispose();

    private Right OfAnonymous(string repository) =>
        (anonymousPull ? Right.Pull : Right.None) | (rights?.Of(null, repository) ?? Right.None);

    private async Task<bool> VerifyAsync(string user, string password, CancellationToken cancellation)
    {
        string proof = Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{user}:{password}")));
        DateTimeOffset now = time.GetUtcNow();
        if (_known.TryGetValue(proof, out DateTimeOffset until) && until > now)
        {
            return true;
        }

        await _computing.WaitAsync(cancellation);
        try
        {
            if (!passwords!.Verify(user, password))
            {
                return false;
            }
        }
        finally
        {
            _computing.Release();
        }

        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        _known[proof] = now + Remembered;
        return true;
    }

    private static bool TryRead(string header, out string user, out string password)
    {
        const string Basic = "Basic ";
        user = password = "";
        if (header.Length > MaxHeader || !header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out int written))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(bytes, 0, written);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        (user, password) = (text[..colon], text[(colon + 1)..]);
        return true;
    }
}
