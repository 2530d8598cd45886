// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Images.Remote;

/// <summary>What a token server says.</summary>
/// <remarks>distribution docs/spec/auth/token.md#token-response-fields.</remarks>
/// <param name="Access">for the header of requests</param>
/// <param name="Identity">stands for the user's credentials from then on (refresh token); may be missing</param>
internal sealed record TokenAnswer(string Access, string? Identity)
{
    /// <summary>Null when there is no access token that can stand in a header.</summary>
    public static TokenAnswer? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            (string? access, string? identity) = Read(ref reader);
            return access is not null && !access.AsSpan().ContainsAnyExceptInRange('!', '~') ? new TokenAnswer(access, identity) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (string? Access, string? Identity) Read(ref Utf8JsonReader reader)
    {
        string? token = null;
        string? identity = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return (null, null);
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isToken = reader.ValueTextEquals("token"u8) || (token is null && reader.ValueTextEquals("access_token"u8));
            bool isIdentity = reader.ValueTextEquals("refresh_token"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && (isToken || isIdentity) && reader.GetString() is { Length: > 0 } value)
            {
                (token, identity) = isToken ? (value, identity) : (token, value);
            }
            reader.Skip();
        }
        return (token, identity);
    }
}
