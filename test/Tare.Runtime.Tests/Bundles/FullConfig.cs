// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;

namespace Tare.Runtime.Tests.Bundles;

/// <summary>A valid config with every member that there is, to be changed in one place by a test.</summary>
internal static class FullConfig
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(Data("bundle"), "full.json"));

    /// <summary>Path and type of every member, in the order of the schema.</summary>
    public static IEnumerable<(string Path, string Type)> Members() => File.ReadLines(Path.Combine(Data("bundle"), "members.txt"))
        .Where(line => !line.StartsWith('#'))
        .Select(line => (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));

    /// <summary>The config with one member replaced, or taken away where the value is empty.</summary>
    /// <param name="path">such as <c>linux.namespaces[2].type</c></param>
    /// <param name="value">JSON</param>
    public static string With(string path, string value)
    {
        // the unknown member repeats a name, which a tree of nodes does not take
        JsonObject root = JsonNode.Parse(Text.Replace(", { \"a\": 1, \"a\": 2 }", "", StringComparison.Ordinal))!.AsObject();
        string[] parts = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        JsonNode at = root;
        for (int i = 0; i < parts.Length - 1; i++)
        {
            at = Step(at, parts[i]) ?? throw new ArgumentException($"no {path}");
        }

        Put(at, parts[^1], value);
        return root.ToJsonString();
    }

    /// <summary>The config, or one that <see cref="With"/> made of it, without the member that the specification does not
    /// know.</summary>
    public static string Known(string text) => text
        .Replace(",\n  \"org.example.unknown\": [null, { \"a\": 1, \"a\": 2 }]", "", StringComparison.Ordinal)
        .Replace(",\"org.example.unknown\":[null]", "", StringComparison.Ordinal);

    public static IReadOnlyList<string> Check(string text) =>
        SpecCheck.Check(SpecForm.Of(ConfigReader.ReadSpec(Encoding.UTF8.GetBytes(text))));

    public static Spec Read(string text) => ConfigReader.ReadSpec(Encoding.UTF8.GetBytes(text));

    /// <summary><c>[0]</c>, or a name; a pair of bars stands for brackets around a name with dots.</summary>
    private static JsonNode? Step(JsonNode at, string part) => part.StartsWith('[')
        ? at.AsArray()[Index(part)]
        : at.AsObject()[Name(part)];

    private static void Put(JsonNode at, string part, string value)
    {
        JsonNode? node = value.Length == 0 ? null : JsonNode.Parse(value);
        if (part.StartsWith('['))
        {
            JsonArray list = at.AsArray();
            if (Index(part) < list.Count)
            {
                list[Index(part)] = node;
            }
            else
            {
                list.Add(node);
            }
        }
        else if (value.Length == 0)
        {
            at.AsObject().Remove(Name(part));
        }
        else
        {
            at.AsObject()[Name(part)] = node;
        }
    }

    private static int Index(string part) => int.Parse(part.Trim('[', ']'), CultureInfo.InvariantCulture);

    private static string Name(string part) => part.Replace('|', '.');

    public static string Data(string folder, [CallerFilePath] string here = "")
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Tare.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException(here);
        }

        return Path.Combine(root, "test", "Tare.Runtime.Tests", "testdata", folder);
    }
}
