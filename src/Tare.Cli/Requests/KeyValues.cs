// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Cli.Requests;

/// <summary>Lists of <c>NAME=value</c>: environment, labels, sysctls, and the files that hold many of them.</summary>
internal static class KeyValues
{
    private const int MaxFileBytes = 1 << 20;

    /// <summary>The variable of <c>-e</c>; a name without a value takes the one of our own environment when there is
    /// one.</summary>
    /// <exception cref="FormatException">no name</exception>
    public static string Variable(string text)
    {
        if (text.Length == 0 || text[0] == '=')
        {
            throw new FormatException($"invalid environment variable: {text}");
        }

        if (text.Contains('=', StringComparison.Ordinal))
        {
            return text;
        }

        return Environment.GetEnvironmentVariable(text) is { } value ? $"{text}={value}" : text;
    }

    /// <summary>A label: a name without a value has an empty one.</summary>
    public static string Label(string text) => text.Split('=')[0].Length > 0
        ? text
        : throw new FormatException($"invalid label: {text}");

    /// <summary>A sysctl: both sides are needed.</summary>
    public static string Pair(string text) => text.IndexOf('=', StringComparison.Ordinal) > 0
        ? text
        : throw new FormatException($"{text} must be formatted as key=value");

    /// <summary>The lines of a file of variables or labels: no empty ones, no comments.</summary>
    /// <param name="path">a path of the host</param>
    /// <param name="parse">the rule for one line</param>
    /// <exception cref="TareException">InvalidArgument: a line is wrong; ResourceExhausted: above 1 MiB</exception>
    /// <exception cref="Tare.Linux.LinuxException">the file cannot be read</exception>
    public static IReadOnlyList<string> ReadFile(string path, Func<string, string> parse)
    {
        List<string> lines = [];
        foreach (string raw in Encoding.UTF8.GetString(HostPath.ReadAll(path, MaxFileBytes)).Split('\n'))
        {
            string line = raw.TrimStart().TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string name = line.Split('=')[0];
            if (name.Length == 0 || name.Any(char.IsWhiteSpace))
            {
                string what = name.Length == 0 ? "no variable name" : "contains whitespaces";
                throw new TareException(ErrorKind.InvalidArgument, $"{path}: invalid line: {what} on line '{line}'");
            }

            lines.Add(parse(line));
        }

        return lines;
    }

    /// <summary>Name → value; the last one wins, a missing value is empty.</summary>
    public static Dictionary<string, string> ToMap(IEnumerable<string> pairs)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            map[equals < 0 ? pair : pair[..equals]] = equals < 0 ? "" : pair[(equals + 1)..];
        }

        return map;
    }
}
