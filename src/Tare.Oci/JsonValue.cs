// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Oci;

/// <summary>Reads one value of an expected kind; the reader stands at its first token and is left at its
/// last.</summary>
internal static class JsonValue
{
    public delegate T ReadEntry<T>(ref Utf8JsonReader reader);

    /// <summary>A text, or null.</summary>
    public static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        _ => throw new JsonException("not a text"),
    };

    /// <summary>A whole number of 32 bits, or null.</summary>
    public static int? Number(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? null : reader.GetInt32();

    public static bool Boolean(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new JsonException("neither true nor false"),
    };

    /// <summary>A list of texts, or null.</summary>
    public static IReadOnlyList<string>? Texts(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? null : TextListJson.ReadList(ref reader);

    /// <summary>An object whose values are texts, or null.</summary>
    public static IReadOnlyDictionary<string, string>? Map(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? null : TextMapJson.ReadMap(ref reader);

    /// <summary>An object whose names alone count, or null.</summary>
    public static IReadOnlyList<string>? Names(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? null : NameSetJson.ReadNames(ref reader);

    /// <summary>A list, or null.</summary>
    public static IReadOnlyList<T>? List<T>(ref Utf8JsonReader reader, ReadEntry<T> readEntry)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("not a list");
        }
        List<T> list = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(readEntry(ref reader));
        }
        return list;
    }

    /// <summary>Anything, kept as it is.</summary>
    /// <param name="reader">over <paramref name="bytes"/></param>
    /// <param name="bytes">the whole document</param>
    public static JsonElement Element(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        int start = checked((int)reader.TokenStartIndex);
        reader.Skip();
        int end = checked((int)reader.BytesConsumed);
        return JsonElement.Parse(
            bytes[start..end],
            new JsonDocumentOptions { MaxDepth = OciJson.MaxDepth, AllowDuplicateProperties = false });
    }
}
