// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text.RegularExpressions;

namespace Tare.Conformance.Wall;

/// <summary>docs/wall.md says which test stands for which attack, and it is true.</summary>
public sealed partial class WallTableTests
{
    private static readonly string[] Document = File.ReadAllLines(Path.Combine(Root(), "docs/wall.md"));

    /// <summary>Number, attack, and the classes that try it or why there is none.</summary>
    private static readonly string[][] Rows =
    [
        .. Document.Where(line => Row().IsMatch(line)).Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void Each_attack_stands_in_the_table_once()
    {
        Assert.All(Rows, row => Assert.Equal(3, row.Length));
        Assert.Equal(Rows.Select(row => row[0]).Distinct().Order(StringComparer.Ordinal), Rows.Select(row => row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_attack_has_tests_or_a_reason()
    {
        string[] classes = [.. Tests().Select(test => test.Class).Distinct()];

        Assert.All(Rows, row => Assert.True(
            row[2].StartsWith("comes with ", StringComparison.Ordinal) || row[2].StartsWith("there is no ", StringComparison.Ordinal)
            || row[2].Split(", ").All(classes.Contains), string.Join(" | ", row)));
    }

    [Fact]
    public void The_table_names_the_tests_that_there_are()
    {
        string[] told =
        [
            .. Rows.Where(row => !row[2].Contains(' ', StringComparison.Ordinal) || row[2].Contains(", ", StringComparison.Ordinal))
                .SelectMany(row => row[2].Split(", "), (row, name) => $"{row[0]} {name}").Order(StringComparer.Ordinal),
        ];

        Assert.Equal(Tests().Select(test => $"{test.Number} {test.Class}").Distinct().Order(StringComparer.Ordinal), told);
    }

    /// <summary>Each number in the name of a test.</summary>
    private static IEnumerable<(string Number, string Class)> Tests() =>
        from type in Assembly.GetExecutingAssembly().GetTypes()
        where type.Namespace == typeof(WallTableTests).Namespace
        from method in type.GetMethods()
        from Match match in Number().Matches(method.Name)
        select (match.Value.Replace('_', '-'), type.Name);

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Tare.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Tare.slnx is in no folder above the tests");
    }

    [GeneratedRegex(@"^\| (CVE|GHSA)-")]
    private static partial Regex Row();

    [GeneratedRegex(@"CVE_\d{4}_\d+|GHSA_[a-z0-9]{4}(?=_)")]
    private static partial Regex Number();
}
