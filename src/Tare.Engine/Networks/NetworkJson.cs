// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Networks in engine.db, and what a running container has of them in its run folder.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(NetworkRecord))]
[JsonSerializable(typeof(LiveNetworks))]
internal sealed partial class NetworkJson : JsonSerializerContext
{
    /// <exception cref="TareException">Corrupt</exception>
    public static NetworkRecord ReadRecord(string name, byte[] bytes) =>
        NetworkReader.TryReadRecord(bytes) ?? Read($"engine.db: network {name}", () => JsonSerializer.Deserialize(bytes, Default.NetworkRecord));

    /// <exception cref="TareException">Corrupt</exception>
    public static LiveNetworks ReadLive(byte[] bytes) =>
        NetworkReader.TryReadLive(bytes) ?? Read("networks of a container", () => JsonSerializer.Deserialize(bytes, Default.LiveNetworks));

    /// <summary>Calls the generated writer itself: to build the metadata for it costs more than all else about it.</summary>
    public static byte[] Write(LiveNetworks live)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new() { SkipValidation = true }))
        {
            Default.LiveNetworksSerializeHandler(writer, live);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static T Read<T>(string what, Func<T?> parse)
        where T : class
    {
        try
        {
            return parse() ?? throw new JsonException("null");
        }
        catch (JsonException damaged)
        {
            throw new TareException(ErrorKind.Corrupt, $"{what}: damaged: {damaged.Message}", null, damaged);
        }
    }
}
