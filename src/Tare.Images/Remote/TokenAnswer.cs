// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Images.Remote;

/// <summary>What a token server says.</summary>
/// <remarks>distribution docs/spec/auth/token.md#token-response-fields.</remarks>
internal static class TokenAnswer
{
    /// <summary>The access token, or null when there is none that can stand in a header.</summary>
    public static string? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return Read(ref reader) is { } token && !token.AsSpan().ContainsAnyExceptInRange('!', '~') ? token : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Read(ref Utf8JsonReader reader)
    {
        string? token = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isToken = reader.ValueTextEquals("token"u8) || (token is null && reader.ValueTextEquals("access_token"u8));
            reader.Read();
            if (isToken && reader.TokenType == JsonTokenType.String)
            {
                string value = reader.GetString()!;
                token = value.Length > 0 ? value : token;
            }
            reader.Skip();
        }
        return token;
    }
}
