// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Oci;

/// <summary>Reads the <c>config</c> member of an image's config, see <see cref="ImageConfigReader"/>.</summary>
internal static class RunConfigReader
{
    /// <exception cref="JsonException">a member is there twice or of the wrong kind</exception>
    public static RunConfig? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        string? user = null, workingDir = null, stopSignal = null;
        IReadOnlyList<string>? ports = null, env = null, entrypoint = null, cmd = null, volumes = null;
        IReadOnlyList<string>? onBuild = null, shell = null;
        IReadOnlyDictionary<string, string>? labels = null;
        Healthcheck? healthcheck = null;
        bool isEscaped = false;
        int? stopTimeout = null;
        Dictionary<string, JsonElement>? other = null;
        JsonMembers members = new(ref reader);
        while (members.Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "User": user = JsonValue.Text(ref reader); break;
                case "ExposedPorts": ports = JsonValue.Names(ref reader); break;
                case "Env": env = JsonValue.Texts(ref reader); break;
                case "Entrypoint": entrypoint = JsonValue.Texts(ref reader); break;
                case "Cmd": cmd = JsonValue.Texts(ref reader); break;
                case "Healthcheck": healthcheck = ReadHealthcheck(ref reader); break;
                case "ArgsEscaped": isEscaped = JsonValue.Boolean(ref reader); break;
                case "Volumes": volumes = JsonValue.Names(ref reader); break;
                case "WorkingDir": workingDir = JsonValue.Text(ref reader); break;
                case "OnBuild": onBuild = JsonValue.Texts(ref reader); break;
                case "Labels": labels = JsonValue.Map(ref reader); break;
                case "StopSignal": stopSignal = JsonValue.Text(ref reader); break;
                case "StopTimeout": stopTimeout = JsonValue.Number(ref reader); break;
                case "Shell": shell = JsonValue.Texts(ref reader); break;
                default: (other ??= []).Add(name, JsonValue.Element(ref reader, bytes)); break;
            }
        }
        return new RunConfig
        {
            User = user,
            ExposedPorts = ports,
            Env = env,
            Entrypoint = entrypoint,
            Cmd = cmd,
            Healthcheck = healthcheck,
            ArgsEscaped = isEscaped,
            Volumes = volumes,
            WorkingDir = workingDir,
            OnBuild = onBuild,
            Labels = labels,
            StopSignal = stopSignal,
            StopTimeout = stopTimeout,
            Shell = shell,
            Other = other,
        };
    }

    private static Healthcheck? ReadHealthcheck(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        IReadOnlyList<string>? test = null;
        long interval = 0, timeout = 0, startPeriod = 0, startInterval = 0;
        int retries = 0;
        JsonMembers members = new(ref reader);
        while (members.Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "Test": test = JsonValue.Texts(ref reader); break;
                case "Interval": interval = reader.GetInt64(); break;
                case "Timeout": timeout = reader.GetInt64(); break;
                case "StartPeriod": startPeriod = reader.GetInt64(); break;
                case "StartInterval": startInterval = reader.GetInt64(); break;
                case "Retries": retries = reader.GetInt32(); break;
                default: reader.Skip(); break;
            }
        }
        return new Healthcheck
        {
            Test = test,
            Interval = interval,
            Timeout = timeout,
            StartPeriod = startPeriod,
            StartInterval = startInterval,
            Retries = retries,
        };
    }
}
