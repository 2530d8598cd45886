// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>The documents inside a row of engine.db.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(ContainerOutcome))]
internal sealed partial class ContainerJson : JsonSerializerContext
{
    public static byte[] Write(ContainerRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Default.ContainerRecord);

    public static byte[] Write(ContainerOutcome outcome) => JsonSerializer.SerializeToUtf8Bytes(outcome, Default.ContainerOutcome);

    /// <exception cref="TareException">Corrupt</exception>
    public static ContainerRecord ReadRecord(ContainerRow row) =>
        Read(row, () => JsonSerializer.Deserialize(row.Record, Default.ContainerRecord));

    /// <exception cref="TareException">Corrupt</exception>
    public static ContainerOutcome? ReadOutcome(ContainerRow row) =>
        row.Outcome is null ? null : Read(row, () => JsonSerializer.Deserialize(row.Outcome, Default.ContainerOutcome));

    private static T Read<T>(ContainerRow row, Func<T?> parse)
        where T : class
    {
        try
        {
            return parse() ?? throw new JsonException("null");
        }
        catch (JsonException damaged)
        {
            throw new TareException(
                ErrorKind.Corrupt, $"container {row.Id.Short}: engine.db: damaged record: {damaged.Message}", null, damaged);
        }
    }
}
