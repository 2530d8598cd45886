// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>The digest of a layer's <em>uncompressed</em> tar.</summary>
/// <remarks>image-spec config.md#layer-diffid.</remarks>
[JsonConverter(typeof(DiffIdJson))]
internal readonly record struct DiffId(Digest Digest)
{
    /// <summary>The text form of the digest.</summary>
    public override string ToString() => Digest.ToString();
}

/// <summary>A DiffId as JSON text.</summary>
internal sealed class DiffIdJson : JsonConverter<DiffId>
{
    public override DiffId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(DigestJson.ReadText(ref reader));

    public override void Write(Utf8JsonWriter writer, DiffId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
