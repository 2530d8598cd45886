// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Engine.Logs;

/// <summary>Turns lines of docker's json-file into records.</summary>
internal sealed class LogRecordReader
{
    private byte[] _text = new byte[4096];

    /// <summary>False for a line that is no record: a disk or a power cut may have damaged it.</summary>
    /// <param name="line">without its end</param>
    /// <param name="record">its text is valid until the next call</param>
    public bool TryRead(ReadOnlySpan<byte> line, out LogRecord record)
    {
        record = default;

        // where a machine went down there can be zeros before what was written after the next start
        line = line.TrimStart((byte)0);

        // most damage is seen here already, and exceptions are slow
        if (line is not [(byte)'{', .., (byte)'}'])
        {
            return false;
        }

        try
        {
            return TryReadObject(line, out record);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private bool TryReadObject(ReadOnlySpan<byte> line, out LogRecord record)
    {
        var reader = new Utf8JsonReader(line);
        bool? isStderr = null;
        LogTime? time = null;
        int length = 0;
        List<KeyValuePair<string, string>>? attributes = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("log"u8))
            {
                reader.Read();
                length = Copy(ref reader, line.Length);
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                isStderr = reader.ValueTextEquals("stderr"u8) ? true
                    : reader.ValueTextEquals("stdout"u8) ? false
                    : null;
            }
            else if (reader.ValueTextEquals("time"u8))
            {
                reader.Read();
                time = reader.TokenType == JsonTokenType.String ? LogTime.ParseRecord(reader.ValueSpan) : null;
            }
            else if (reader.ValueTextEquals("attrs"u8))
            {
                reader.Read();
                attributes = ReadTexts(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        record = new LogRecord(isStderr ?? false, _text.AsMemory(0, length), time ?? default, attributes);
        return isStderr is not null && time is not null && !reader.Read();
    }

    /// <summary>Texts that are none are passed over.</summary>
    private static List<KeyValuePair<string, string>>? ReadTexts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        List<KeyValuePair<string, string>> texts = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                texts.Add(new(name, reader.GetString()!));
            }
            else
            {
                reader.Skip();
            }
        }

        return texts;
    }

    private int Copy(ref Utf8JsonReader reader, int most)
    {
        if (_text.Length < most)
        {
            _text = new byte[Math.Max(most, _text.Length * 2)];
        }

        return reader.CopyString(_text);
    }
}
