// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Architecture;

public partial class SourceTests
{
    private const int MaxFileLines = 500;
    private const int MaxMethodLines = 80;
    private const string License = "// SPDX-License-Identifier: Apache-2.0";

    [Fact]
    public void Every_file_begins_with_its_licence() => Assert.Equal([],
        SourceTree.Sources("src", "test", "bench").Where(path => SourceTree.Lines(path).FirstOrDefault() != License));

    [Fact]
    public void No_file_outgrows_500_lines() => Assert.Equal([],
        SourceTree.Sources("src", "test").Where(path => SourceTree.Lines(path).Length > MaxFileLines));

    [Fact]
    public void No_method_outgrows_80_lines() => Assert.Equal([],
        SourceTree.Sources("src").SelectMany(path => LongMethods(path, SourceTree.Lines(path))));

    [Fact]
    public void No_name_says_nothing() => Assert.Equal([],
        SourceTree.Sources("src").Where(path => path.Split('/').Any(part => EmptyWord().IsMatch(Path.GetFileNameWithoutExtension(part)))));

    [Fact]
    public void Namespaces_are_folders() => Assert.Equal([], SourceTree.Sources("src").Where(path =>
    {
        string? declared =
            SourceTree.Lines(path).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
        string folder = Path.GetDirectoryName(path)!["src/".Length..].Replace('/', '.');

        // the types that the compilers know by their full names
        return declared is not null && declared != $"namespace {folder};" && path != "src/Tare.First/KnownTypes.cs";
    }));

    /// <summary>Relies on the house's layout: a body is what stands between braces at the indentation of its
    /// signature.</summary>
    private static IEnumerable<string> LongMethods(string path, string[] lines)
    {
        for (int start = 1; start < lines.Length; start++)
        {
            Match brace = OpeningBrace().Match(lines[start]);
            if (!brace.Success || TypeKeyword().IsMatch(lines[start - 1]))
            {
                continue;
            }

            int end = Array.IndexOf(lines, brace.Groups[1].Value + "}", start);
            if (end - start - 1 > MaxMethodLines)
            {
                yield return $"{path}:{start}: {end - start - 1} lines";
            }
        }
    }

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Common|Core|Misc)$")]
    private static partial Regex EmptyWord();

    [GeneratedRegex(@"^((?:    ){1,2})\{$")]
    private static partial Regex OpeningBrace();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum|extension)\b|^\s*(:|where )")]
    private static partial Regex TypeKeyword();
}
