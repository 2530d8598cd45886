// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Images.Import;

/// <summary>Applies Dockerfile instructions to a config: what <c>--change</c> of import (and commit) takes.</summary>
/// <remarks>Dockerfile reference; only instructions that change nothing but the config are known here.</remarks>
internal static partial class ImageChanges
{
    private const int MaxLength = 64 * 1024;
    private const int MaxPort = 65535;

    /// <summary>The config that the instructions make, in their order.</summary>
    /// <param name="changes">one instruction each</param>
    /// <param name="before">what they change; null: an empty config</param>
    /// <exception cref="TareException">InvalidArgument, naming the instruction</exception>
    public static RunConfig Apply(IEnumerable<string> changes, RunConfig? before = null)
    {
        RunConfig config = before ?? new();
        bool hasCommand = false;
        foreach (string change in changes)
        {
            string line = change.Trim();
            int space = line.AsSpan().IndexOfAny(" \t");
            string name = (space < 0 ? line : line[..space]).ToUpperInvariant();
            string rest = space < 0 ? "" : line[space..].Trim();
            if (line.Length > MaxLength || rest.Length == 0)
            {
                throw Refuse(change, rest.Length == 0 ? "it needs an argument" : $"it is longer than {MaxLength} characters");
            }
            config = Apply(config, name, Expanded(name, rest, config.Env), change);

            // as in a Dockerfile: a new entrypoint does not want the old one's arguments
            config = name == "ENTRYPOINT" && !hasCommand ? config with { Cmd = null } : config;
            hasCommand |= name == "CMD";
        }
        return config;
    }

    /// <summary>Variables of the image in instructions that expand them: <c>$NAME</c> and <c>${NAME}</c>, but not in single
    /// quotes or behind a backslash.</summary>
    private static string Expanded(string name, string text, IReadOnlyList<string>? environment)
    {
        if (name is not ("ENV" or "EXPOSE" or "LABEL" or "USER" or "VOLUME" or "WORKDIR" or "STOPSIGNAL") || !text.Contains('$'))
        {
            return text;
        }

        bool isLiteral = false;
        return Dollar().Replace(text, match =>
        {
            isLiteral ^= match.Value == "'";
            string variable = match.Groups[1].Value + match.Groups[2].Value;
            return isLiteral || variable.Length == 0
                ? match.Value
                : environment?.FirstOrDefault(e => e.StartsWith(variable + "=", StringComparison.Ordinal))?[(variable.Length + 1)..] ?? "";
        });
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\\.|'|\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")]
    private static partial System.Text.RegularExpressions.Regex Dollar();

    private static RunConfig Apply(RunConfig config, string name, string rest, string change) => name switch
    {
        "CMD" => config with { Cmd = Command(rest) },
        "ENTRYPOINT" => config with { Entrypoint = Command(rest) },
        "ENV" => config with { Env = Environment(config.Env ?? [], Pairs(rest, change)) },
        "EXPOSE" => config with { ExposedPorts = Join(config.ExposedPorts, InstructionWords.Split(rest).SelectMany(p => Ports(p, change))) },
        "LABEL" => config with { Labels = Labels(config.Labels, Pairs(rest, change)) },
        "USER" => config with { User = rest },
        "VOLUME" => config with { Volumes = Join(config.Volumes, JsonForm(rest) ?? InstructionWords.Split(rest)) },
        "WORKDIR" => config with { WorkingDir = WorkingDir(config.WorkingDir, Unquoted(rest)) },
        "STOPSIGNAL" => config with { StopSignal = rest },
        "ONBUILD" => config with { OnBuild = [.. config.OnBuild ?? [], rest] },
        "SHELL" => config with { Shell = JsonForm(rest) ?? throw Refuse(change, "it wants the JSON form") },
        "HEALTHCHECK" => config with { Healthcheck = HealthcheckInstruction.Parse(rest, why => Refuse(change, why)) },
        _ => throw Refuse(change, $"{Quoted.Text(name)} is not a valid change command"),
    };

    /// <summary>A JSON array as it is; else a line for the shell.</summary>
    internal static IReadOnlyList<string> Command(string rest) => JsonForm(rest) ?? ["/bin/sh", "-c", rest];

    /// <summary>Null when it is not an array of strings: docker then takes it for a shell line.</summary>
    internal static IReadOnlyList<string>? JsonForm(string rest)
    {
        if (!rest.StartsWith('['))
        {
            return null;
        }
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(rest);
            return [.. document.RootElement.EnumerateArray().Select(static e => e.GetString() ?? throw new InvalidOperationException())];
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static TareException Refuse(string change, string why) =>
        new(ErrorKind.InvalidArgument, $"change {Quoted.Text(change)}: {why}");

    /// <summary><c>K=V K2="V 2"</c>, or the old form <c>K all the rest</c>.</summary>
    private static List<(string Key, string Value)> Pairs(string rest, string change)
    {
        IReadOnlyList<string> words = InstructionWords.Split(rest);
        if (!words[0].Contains('='))
        {
            int space = rest.AsSpan().IndexOfAny(" \t");
            return space < 0
                ? throw Refuse(change, "must have two arguments")
                : [(rest[..space], Unquoted(rest[space..].Trim()))];
        }
        List<(string, string)> pairs = [];
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Refuse(change, $"can't find = in {Quoted.Text(word)}: must be of the form name=value");
            }
            pairs.Add((word[..equals], word[(equals + 1)..]));
        }
        return pairs;
    }

    private static List<string> Environment(IReadOnlyList<string> before, List<(string Key, string Value)> pairs)
    {
        List<string> all = [.. before];
        foreach ((string key, string value) in pairs)
        {
            int at = all.FindIndex(e => e.StartsWith(key + "=", StringComparison.Ordinal));
            if (at < 0)
            {
                all.Add($"{key}={value}");
            }
            else
            {
                all[at] = $"{key}={value}";
            }
        }
        return all;
    }

    private static SortedDictionary<string, string> Labels(
        IReadOnlyDictionary<string, string>? before, List<(string Key, string Value)> pairs)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in before ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }
        foreach ((string key, string value) in pairs)
        {
            all[key] = value;
        }
        return all;
    }

    private static List<string> Join(IReadOnlyList<string>? before, IEnumerable<string> more) =>
        [.. (before ?? []).Concat(more).Distinct().Order(StringComparer.Ordinal)];

    /// <summary><c>80</c>, <c>53/udp</c>, <c>7000-7002</c>.</summary>
    private static IEnumerable<string> Ports(string text, string change)
    {
        string[] parts = text.Split('/');
        string protocol = parts.Length > 1 ? parts[1].ToLowerInvariant() : "tcp";
        string[] range = parts[0].Split('-');
        if (parts.Length > 2 || range.Length > 2 || protocol is not ("tcp" or "udp" or "sctp")
            || !TryPort(range[0], out int first) || !TryPort(range[^1], out int last) || last < first)
        {
            throw Refuse(change, $"invalid containerPort: {text}");
        }
        return Enumerable.Range(first, last - first + 1).Select(p => $"{p}/{protocol}");
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= MaxPort;

    private static string WorkingDir(string? before, string path)
    {
        string whole = path.StartsWith('/') ? path : $"{before ?? "/"}/{path}";
        return Path.GetFullPath(whole, "/");
    }

    private static string Unquoted(string text) => string.Join(' ', InstructionWords.Split(text));
}
