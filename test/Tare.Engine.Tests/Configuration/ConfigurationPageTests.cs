// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tare.Engine.Configuration;

namespace Tare.Engine.Tests.Configuration;

/// <summary>Holds docs/config.md to what the reader does.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly JsonDocumentOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string Page = File.ReadAllText(Find());

    [Fact]
    public void Every_key_has_a_section_and_every_section_a_key() => Assert.Equal(
        ConfigurationReader.Keys.Select(key => key.Name),
        Sections().Select(section => section.Key));

    [Fact]
    public void Every_section_tells_type_default_use_and_an_example() => Assert.All(Sections(), section =>
    {
        Assert.Contains("\n- type: ", section.Text, StringComparison.Ordinal);
        Assert.Contains("\n- default: ", section.Text, StringComparison.Ordinal);
        Assert.Contains("\n- used by: ", section.Text, StringComparison.Ordinal);
        Assert.Contains($"\n    \"{section.Key}\": ", section.Text, StringComparison.Ordinal);
    });

    [Fact]
    public void The_example_of_every_section_is_read() => Assert.All(Sections(), section =>
    {
        string example = $"{{{string.Join('\n', section.Text.Split('\n').Where(line => line.StartsWith("    \"", StringComparison.Ordinal)))}}}";

        EngineConfiguration read = ConfigurationReader.Read(Encoding.UTF8.GetBytes(example), section.Key);

        // an example that says no more than the default teaches nothing
        Assert.NotEqual(EngineConfiguration.Default with { File = section.Key }, read);
        Assert.Equal([section.Key], TopKeys(example));
    });

    [Fact]
    public void The_full_example_is_read_and_has_every_key()
    {
        ConfigurationReader.Read(Encoding.UTF8.GetBytes(Example()), "example");

        Assert.Equal(ConfigurationReader.Keys.Select(key => key.Name), TopKeys(Example()));
    }

    [Theory]
    [InlineData("max-size")]
    [InlineData("max-file")]
    [InlineData("Name")]
    [InlineData("Soft")]
    [InlineData("Hard")]
    [InlineData("base")]
    [InlineData("size")]
    [InlineData("ca")]
    [InlineData("cert")]
    [InlineData("key")]
    [InlineData("http-proxy")]
    [InlineData("https-proxy")]
    [InlineData("no-proxy")]
    public void Inner_keys_are_told_too(string key) => Assert.Contains($"`{key}`", Page, StringComparison.Ordinal);

    [Fact]
    public void The_page_is_on_the_map() =>
        Assert.Contains("docs/config.md", File.ReadAllText(Path.Combine(Path.GetDirectoryName(Find())!, "../README.md")), StringComparison.Ordinal);

    /// <summary>The whole file that the page shows.</summary>
    internal static string Example() => FencedBlock().Match(Page).Groups[1].Value;

    private static List<(string Key, string Text)> Sections() =>
        [.. SectionHead().Split(Page).Skip(1).Chunk(2).Select(pair => (pair[0], pair[1].Split("\n## ")[0]))];

    private static string[] TopKeys(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, Lenient);
        return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
    }

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Tare.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new InvalidOperationException("Tare.slnx is in no folder above the tests"), "docs/config.md");
    }

    [GeneratedRegex(@"^### `(.+)`$", RegexOptions.Multiline)]
    private static partial Regex SectionHead();

    [GeneratedRegex(@"^```jsonc\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencedBlock();
}
