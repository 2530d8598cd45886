// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>A set of names that documents write as an object with empty values: <c>{"80/tcp":{}}</c>.</summary>
internal sealed class NameSetJson : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadNames(ref reader);

    /// <exception cref="JsonException">it is something else</exception>
    public static IReadOnlyList<string> ReadNames(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("not an object of names");
        }
        List<string> names = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!seen.Add(name))
            {
                throw new JsonException($"{Quoted.Text(name)} is there twice");
            }
            names.Add(name);
            _ = reader.Read();
            reader.Skip();
        }
        return names;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (string name in value)
        {
            writer.WriteStartObject(name);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
