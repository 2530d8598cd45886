// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Oci;

/// <summary>Walks the members of one JSON object; a name that comes twice, in whatever case, is refused.</summary>
/// <remarks>Readers written in Go match members without regard to case; we must see what they see.</remarks>
internal readonly struct JsonMembers
{
    private readonly HashSet<string> _seen;

    /// <exception cref="JsonException">the reader does not stand at the start of an object</exception>
    public JsonMembers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("not an object");
        }
        _seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The next name, with the reader at its value; null behind the last one.</summary>
    public string? Next(ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName)
        {
            return null;
        }
        string name = reader.GetString()!;
        if (!_seen.Add(name))
        {
            throw new JsonException($"member {Quoted.Text(name)} is there twice");
        }
        _ = reader.Read();
        return name;
    }
}
