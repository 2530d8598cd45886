// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace Tare.Build.Attest;

/// <summary>Reads what package managers of languages leave beside what they installed. What is malformed is no package.</summary>
internal static class LanguagePackage
{
    private const int MaxField = 4096;
    private const int MaxLibraries = 10_000;

    /// <summary><c>package.json</c> of a folder in <c>node_modules</c>.</summary>
    /// <remarks>docs.npmjs.com/cli/configuring-npm/package-json.</remarks>
    public static Package? Node(byte[] json)
    {
        using JsonDocument? document = TryParse(json);
        if (document is null || TextOf(document.RootElement, "name") is not { } name || TextOf(document.RootElement, "version") is not { } version)
        {
            return null;
        }

        return new Package("npm", name, version)
        {
            License = TextOf(document.RootElement, "license") ?? MemberOf(document.RootElement, "license", "type"),
            Maintainer = TextOf(document.RootElement, "author") ?? MemberOf(document.RootElement, "author", "name"),
            Homepage = TextOf(document.RootElement, "homepage"),
        };
    }

    /// <summary><c>METADATA</c> of a folder <c>*.dist-info</c>, <c>PKG-INFO</c> of a folder <c>*.egg-info</c>.</summary>
    /// <remarks>packaging.python.org/en/latest/specifications/core-metadata: headers up to the first empty line.</remarks>
    public static Package? Python(byte[] metadata)
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        foreach (ReadOnlySpan<char> line in Encoding.UTF8.GetString(metadata).AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(": ");
            if (line.IsEmpty)
            {
                break;
            }

            if (colon > 0 && line[0] is not (' ' or '\t') && line.Length < MaxField)
            {
                fields.TryAdd(line[..colon].ToString(), PackageDatabase.Plain(line[(colon + 2)..].Trim().ToString()));
            }
        }

        string? license = fields.GetValueOrDefault("License-Expression") ?? fields.GetValueOrDefault("License");
        return fields.GetValueOrDefault("Name") is not { Length: > 0 } name || fields.GetValueOrDefault("Version") is not { Length: > 0 } version
            ? null
            : new Package("pypi", Normal(name), version)
            {
                License = license is "UNKNOWN" or "" ? null : license,
                Maintainer = fields.GetValueOrDefault("Author"),
                Homepage = fields.GetValueOrDefault("Home-page"),
            };
    }

    /// <summary>Packages of <c>NAME.deps.json</c>.</summary>
    /// <remarks>github.com/dotnet/sdk documentation/specs/runtime-configuration-file.md: libraries by <c>name/version</c>.</remarks>
    public static IReadOnlyList<Package> DotNet(byte[] json)
    {
        using JsonDocument? document = TryParse(json);
        if (document is null || !document.RootElement.TryGetProperty("libraries", out JsonElement libraries) || libraries.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        return [.. libraries.EnumerateObject().Take(MaxLibraries)
            .Where(static one => one.Value.ValueKind == JsonValueKind.Object && TextOf(one.Value, "type") == "package")
            .Select(static one => one.Name.Split('/'))
            .Where(static parts => parts is [{ Length: > 0 and < MaxField }, { Length: > 0 and < MaxField }])
            .Select(static parts => new Package("nuget", PackageDatabase.Plain(parts[0]), PackageDatabase.Plain(parts[1])))];
    }

    /// <summary>As package URLs want names: pypi tells them apart without case and <c>_</c>.</summary>
    private static string Normal(string name) => name.ToLowerInvariant().Replace('_', '-');

    /// <summary>An object; null for all else.</summary>
    private static JsonDocument? TryParse(byte[] json)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? MemberOf(JsonElement element, string name, string member) =>
        element.TryGetProperty(name, out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? TextOf(inner, member) : null;

    private static string? TextOf(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            string text = PackageDatabase.Plain(value.GetString()!);
            return text.Length is > 0 and < MaxField ? text : null;
        }
        catch (InvalidOperationException)
        {
            // an escape that is half a character
            return null;
        }
    }
}
