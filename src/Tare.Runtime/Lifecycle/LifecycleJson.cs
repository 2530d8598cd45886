// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Runtime.Lifecycle;

/// <summary>The documents in a container's folder.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(OciRecord))]
internal sealed partial class LifecycleJson : JsonSerializerContext
{
    /// <summary>Calls the generated writer itself: to build the metadata costs more than all else about it.</summary>
    public static byte[] Write(OciRecord record)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new() { SkipValidation = true }))
        {
            Default.OciRecordSerializeHandler(writer, record);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">damaged</exception>
    public static OciRecord Read(ReadOnlySpan<byte> bytes) =>
        OciRecordReader.TryRead(bytes) ?? JsonSerializer.Deserialize(bytes, Default.OciRecord) ?? throw new JsonException("null");
}
