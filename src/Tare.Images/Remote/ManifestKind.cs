// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Images.Remote;

/// <summary>What a document says that it is, for servers that do not say it.</summary>
internal static class ManifestKind
{
    /// <summary>The value of <c>mediaType</c>, or null.</summary>
    public static string? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isWanted = reader.ValueTextEquals("mediaType"u8);
                reader.Read();
                if (isWanted)
                {
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
                reader.Skip();
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
