// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Engine.Configuration;
using Tare.Engine.Inspect;
using Tare.Keeper;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>What <c>--log-opt labels</c> and <c>env</c> put into each record of a log: docker's <c>attrs</c>.</summary>
internal static class LogAttributes
{
    /// <summary>A JSON object with its names in order; empty when nothing was asked for or nothing is there.</summary>
    /// <exception cref="TareException">InvalidArgument: more than a record may carry</exception>
    public static string Of(ConfigDocument config, LogConfiguration log)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in log.Env ?? [])
        {
            string start = $"{name}=";
            if (config.Env?.LastOrDefault(entry => entry.StartsWith(start, StringComparison.Ordinal)) is { } entry)
            {
                found[name] = entry[start.Length..];
            }
        }

        foreach (string name in log.Labels ?? [])
        {
            if (config.Labels.TryGetValue(name, out string? value))
            {
                found[name] = value;
            }
        }

        string text = found.Count == 0 ? "" : Write(found);
        return Encoding.UTF8.GetByteCount(text) <= OrderBytes.MaxTextBytes ? text : throw new TareException(
            ErrorKind.InvalidArgument, $"log-opt labels, env: their values take more than {OrderBytes.MaxTextBytes} bytes in each record");
    }

    private static string Write(SortedDictionary<string, string> attributes)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in attributes)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
