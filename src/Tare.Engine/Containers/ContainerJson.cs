// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tare.Engine.Containers.Reading;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>The documents inside a row of engine.db.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(ContainerOutcome))]
internal sealed partial class ContainerJson : JsonSerializerContext
{
    private const int InitialBytes = 4096;

    /// <summary>Calls the generated writer itself: to build the metadata for it costs more than a millisecond of each run.</summary>
    public static byte[] Write(ContainerRecord record)
    {
        var bytes = new ArrayBufferWriter<byte>(InitialBytes);
        using (var writer = new Utf8JsonWriter(bytes, new() { SkipValidation = true }))
        {
            Default.ContainerRecordSerializeHandler(writer, record);
        }

        return bytes.WrittenSpan.ToArray();
    }

    public static byte[] Write(ContainerOutcome outcome)
    {
        var bytes = new ArrayBufferWriter<byte>(InitialBytes);
        using (var writer = new Utf8JsonWriter(bytes, new() { SkipValidation = true }))
        {
            Default.ContainerOutcomeSerializeHandler(writer, outcome);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="TareException">Corrupt</exception>
    public static ContainerRecord ReadRecord(ContainerRow row) =>
        RecordReader.TryRead(row.Record) ?? Read(row, () => JsonSerializer.Deserialize(row.Record, Default.ContainerRecord));

    /// <summary>The program and its arguments, without the rest of the record, which takes ten times as long.</summary>
    /// <exception cref="TareException">Corrupt</exception>
    public static IReadOnlyList<string> ReadCommand(ContainerRow row) => Read(row, () =>
    {
        var words = new List<string>();
        var reader = new Utf8JsonReader(row.Record);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isArguments = reader.ValueTextEquals("Args"u8);
            bool isProgram = reader.ValueTextEquals("Path"u8);
            reader.Read();
            if (isProgram)
            {
                words.Insert(0, reader.GetString()!);
            }

            while (isArguments && reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                words.Add(reader.GetString()!);
            }

            if (isArguments && words.Count > 0)
            {
                // Write puts the program first
                break;
            }

            reader.Skip();
        }

        return words;
    });

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
