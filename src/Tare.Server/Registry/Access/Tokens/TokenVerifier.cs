// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Tare.Server.Registry.Access.Tokens;

/// <summary>Checks tokens, whoever made them.</summary>
/// <remarks>RFC 7515 (compact form), RFC 7519 §4.1. Thread-safe.</remarks>
/// <param name="key">the only key that counts: those inside of tokens are not looked at</param>
/// <param name="issuer">who has to have made them</param>
/// <param name="service">whom they have to be for</param>
/// <param name="isOwn">this registry makes them</param>
/// <param name="time">for their ages</param>
internal sealed class TokenVerifier(ITokenKey key, string issuer, string service, bool isOwn, TimeProvider time)
{
    private const int MaxLength = 12 << 10;

    /// <summary>Clocks differ.</summary>
    private const long Leeway = 60;

    public bool IsOwn => isOwn;

    /// <summary>What the token says; null unless it is whole, of the issuer, for us, and of this time.</summary>
    public TokenClaims? Verify(string token) => Read(token) is { Mark: null } claims ? claims : null;

    /// <summary>As <see cref="Verify"/>, for those that are exchanged for others and give nothing by themselves.</summary>
    public TokenClaims? VerifyRefresh(string token) => Read(token) is { Mark: not null } claims ? claims : null;

    private TokenClaims? Read(string token)
    {
        string[] parts = token.Length > MaxLength ? [] : token.Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } body
            || Decode(parts[2]) is not { } signature || Algorithm(header) is not { } algorithm)
        {
            return null;
        }

        byte[] signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        if (!key.Verify(algorithm, signed, signature) || TokenClaims.TryRead(body) is not { } claims)
        {
            return null;
        }

        long now = time.GetUtcNow().ToUnixTimeSeconds();
        bool isFine = claims.Issuer == issuer && claims.Audience.Contains(service)
            && claims.Expires > now - Leeway && claims.NotBefore <= now + Leeway;
        return isFine ? claims : null;
    }

    private static string? Algorithm(byte[] header)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            JsonElement root = document.RootElement;
            // extensions that have to be understood: RFC 7515 §4.1.11
            return root.TryGetProperty("crit", out _) ? null : root.GetProperty("alg").GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static byte[]? Decode(string text)
    {
        // decoding throws at what is no base64
        return Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
    }
}
