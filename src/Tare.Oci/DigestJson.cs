// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>A digest as JSON text; anything else is refused while reading.</summary>
internal sealed class DigestJson : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReadText(ref reader);

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    /// <exception cref="JsonException">the token is no text, or not that of a digest</exception>
    public static Digest ReadText(ref Utf8JsonReader reader)
    {
        Span<char> text = stackalloc char[Digest.MaxTextLength];
        long length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        return reader.TokenType == JsonTokenType.String && length <= Digest.MaxTextLength
            && Digest.TryParse(text[..reader.CopyString(text)], out Digest digest)
            ? digest
            : throw new JsonException("not a digest");
    }
}
