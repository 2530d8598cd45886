// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>An object whose values are texts: labels and annotations. Written in the order of the names, so that equal
/// maps are equal bytes.</summary>
internal sealed class TextMapJson : JsonConverter<IReadOnlyDictionary<string, string>>
{
    public override IReadOnlyDictionary<string, string> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadMap(ref reader);

    /// <exception cref="JsonException">it is something else</exception>
    public static IReadOnlyDictionary<string, string> ReadMap(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("not an object of texts");
        }
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            _ = reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException($"{Quoted.Text(name)} is not a text");
            }
            if (!map.TryAdd(name, reader.GetString()!))
            {
                throw new JsonException($"{Quoted.Text(name)} is there twice");
            }
        }
        return map;
    }

    public override void Write(
        Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string name, string text) in value.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WriteString(name, text);
        }
        writer.WriteEndObject();
    }
}
