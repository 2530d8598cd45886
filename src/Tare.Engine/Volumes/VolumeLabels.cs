// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;

namespace Tare.Engine.Volumes;

/// <summary>The labels of a volume as engine.db has them: a JSON object of texts; nothing for none.</summary>
internal static class VolumeLabels
{
    public static byte[] Write(IReadOnlyDictionary<string, string> labels)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach ((string key, string value) in labels.OrderBy(static label => label.Key, StringComparer.Ordinal))
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="Tare.Oci.TareException">Corrupt</exception>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> bytes)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (!bytes.IsEmpty)
            {
                using var document = JsonDocument.Parse(bytes);
                foreach (JsonProperty label in document.RootElement.EnumerateObject())
                {
                    labels[label.Name] = label.Value.GetString() ?? "";
                }
            }
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            throw new Oci.TareException(Oci.ErrorKind.Corrupt, "engine.db: damaged labels of a volume", null, damaged);
        }

        return labels;
    }
}
