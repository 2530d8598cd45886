// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Configuration;
using Tare.Engine.Inspect;
using Tare.Keeper;
using Tare.Keeper.Log;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>What <c>--log-opt</c> <c>labels</c>, <c>env</c>, <c>labels-regex</c>, <c>env-regex</c> and <c>tag</c> put into each record of a log: docker's <c>attrs</c>.</summary>
internal static class LogAttributes
{
    private const string TagName = "tag";
    private const string DaemonName = "tare";
    private const int ShortId = 12;

    /// <summary>A JSON object with its names in order; empty when nothing was asked for or nothing is there.</summary>
    /// <param name="row">the container</param>
    /// <param name="record">what was decided for it</param>
    /// <param name="log">its log</param>
    /// <exception cref="TareException">InvalidArgument: more than a record may carry</exception>
    public static string Of(ContainerRow row, ContainerRecord record, LogConfiguration log)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);

        // as docker's: what one name is asked for twice is the variable's
        Take(found, record.Config.Labels, log.Labels, log.LabelsRegex);
        Take(found, Variables(record.Config), log.Env, log.EnvRegex);
        if (log.Tag is { Length: > 0 } tag)
        {
            string text = LogTag.Write(tag, field => Field(row, record, field));
            if (text.Length > 0)
            {
                found[TagName] = text;
            }
        }

        string json = found.Count == 0 ? "" : Write(found);
        return Encoding.UTF8.GetByteCount(json) <= OrderBytes.MaxTextBytes ? json : throw new TareException(
            ErrorKind.InvalidArgument, $"log-opt labels, env, tag: their values take more than {OrderBytes.MaxTextBytes} bytes in each record");
    }

    private static void Take(
        SortedDictionary<string, string> found, IReadOnlyDictionary<string, string> there, IReadOnlyList<string>? names, string? pattern)
    {
        IReadOnlyList<string> fitting = pattern is { Length: > 0 } ? NamePattern.Choose(pattern, there.Keys) : [];
        foreach (string name in (names ?? []).Concat(fitting))
        {
            if (there.TryGetValue(name, out string? value))
            {
                found[name] = value;
            }
        }
    }

    /// <summary>Of one that is there twice the last value holds.</summary>
    private static Dictionary<string, string> Variables(ConfigDocument config)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string entry in config.Env ?? [])
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                variables[entry[..equals]] = entry[(equals + 1)..];
            }
        }

        return variables;
    }

    private static string Field(ContainerRow row, ContainerRecord record, string field) => field switch
    {
        "ID" => row.Id.Text[..ShortId],
        "FullID" or "ContainerID" => row.Id.Text,
        "Name" => row.Name,
        "ContainerName" => $"/{row.Name}",

        // with the algorithm in front, as docker cuts it
        "ImageID" => record.ImageId[..Math.Min(ShortId, record.ImageId.Length)],
        "ImageFullID" or "ContainerImageID" => record.ImageId,
        "ImageName" or "ContainerImageName" => record.Config.Image,
        "Hostname" => Environment.MachineName,
        "Command" => string.Join(' ', record.Args.Prepend(record.Path)),
        _ => DaemonName,
    };

    private static string Write(SortedDictionary<string, string> attributes) =>
        $"{{{string.Join(',', attributes.Select(static pair => $"{Quote(pair.Key)}:{Quote(pair.Value)}"))}}}";

    /// <summary>Escaped as the texts of the log are.</summary>
    private static string Quote(string text)
    {
        byte[] plain = Encoding.UTF8.GetBytes(text);
        byte[] escaped = new byte[(plain.Length + 1) * RecordText.MaxGrowth];
        return $"\"{Encoding.UTF8.GetString(escaped.AsSpan(0, new RecordText(plain).Fill(escaped)))}\"";
    }
}
