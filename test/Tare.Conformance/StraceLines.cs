// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tare.Conformance;

/// <summary>What strace(1) wrote with <c>-f -y -o</c>.</summary>
internal static partial class StraceLines
{
    /// <summary>How often each call is made by the task that makes it most.</summary>
    public static Dictionary<string, int> Count(string file) => File.ReadLines(file)
        .Select(line => CallLine().Match(line))
        .Where(match => match.Success && !match.Groups[2].Value.StartsWith("syscall_", StringComparison.Ordinal))
        .GroupBy(match => (Task: match.Groups[1].Value, Name: match.Groups[2].Value))
        .GroupBy(calls => calls.Key.Name, calls => calls.Count())
        .ToDictionary(counts => counts.Key, counts => counts.Max());

    /// <summary>How many calls were refused.</summary>
    public static int Hits(string file) => File.ReadLines(file).Count(line => line.Contains("(INJECTED)", StringComparison.Ordinal));

    /// <summary>What was refused is the line that tells what went wrong.</summary>
    public static bool HasHitTheMessage(string file) => MessageLine().IsMatch(File.ReadAllText(file));

    /// <summary>
    /// It was refused to .NET's runtime, which looks for cgroups before a line of ours runs, and ends with SIGSEGV then.
    /// </summary>
    public static bool HasHitTheRuntime(string file) => RuntimeLine().IsMatch(File.ReadAllText(file));

    [GeneratedRegex(@"^(\d+) +(\w+)\(")]
    private static partial Regex CallLine();

    [GeneratedRegex(@"write\((2[<,]|\d+<[^>]*\.err>).*\(INJECTED\)")]
    private static partial Regex MessageLine();

    [GeneratedRegex(@"read\(\d+</proc/\d+/mountinfo>")]
    private static partial Regex RuntimeLine();
}
