// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Build.Cache;

/// <summary>Why a step ran: the first thing in which it differs from the most similar step that ran before.</summary>
internal static class Explanation
{
    private const int SameTitle = 1000;
    private const int SamePlace = 400;
    private const int SameText = 400;
    private const int LongestValue = 60;

    /// <summary>The record of the same step that is most like this one; null: there was no such step.</summary>
    /// <param name="title">of the step, as progress shows it</param>
    /// <param name="now">what it depends on</param>
    /// <param name="earlier">what may be compared, the one that was used last at the end</param>
    public static StepInputs? Nearest(string title, StepInputs now, IEnumerable<(string Title, StepInputs Inputs)> earlier)
    {
        StepInputs? best = null;
        int most = 0;
        foreach ((string other, StepInputs inputs) in earlier.Where(one => one.Inputs.Kind == now.Kind))
        {
            int likeness = Likeness(title, other, now.Origin.Length > 0 && now.Origin == inputs.Origin);
            int score = likeness == 0 ? 0 : likeness + Shared(now, inputs);
            if (score > 0 && score >= most)
            {
                (best, most) = (inputs, score);
            }
        }

        return best;
    }

    /// <summary>The first difference.</summary>
    /// <param name="now">of the step that runs</param>
    /// <param name="before">of the earlier one</param>
    /// <param name="nameOfBase">of what the step begins with</param>
    public static string Difference(StepInputs now, StepInputs before, string nameOfBase) =>
        FactDifference(now, before, nameOfBase, isBase: true)
        ?? FactDifference(now, before, nameOfBase, isBase: false)
        ?? FileDifference(now.Files, before.Files)
        ?? "something that the earlier record does not describe is different";

    private static string? FactDifference(StepInputs now, StepInputs before, string nameOfBase, bool isBase)
    {
        Dictionary<string, string> old = [];
        foreach (InputFact fact in before.Facts)
        {
            old.TryAdd(fact.Name, fact.Value);
        }

        foreach (InputFact fact in now.Facts.Where(fact => fact.Name == OperationFacts.Base == isBase))
        {
            if (!old.Remove(fact.Name, out string? was))
            {
                return $"{fact.Name} is new: {Short(fact.Value)}";
            }

            if (was != fact.Value)
            {
                return isBase
                    ? $"{nameOfBase} is another one: {Chain(was)} → {Chain(fact.Value)}"
                    : $"{fact.Name} changed: {Change(was, fact.Value)}";
            }
        }

        string? gone = before.Facts.Select(static fact => fact.Name).FirstOrDefault(name => name != OperationFacts.Base && old.ContainsKey(name));
        return gone is null || isBase ? null : $"{gone} is gone";
    }

    private static string? FileDifference(IReadOnlyList<FileFact> now, IReadOnlyList<FileFact> before)
    {
        int n = 0, b = 0;
        while (n < now.Count || b < before.Count)
        {
            int order = n == now.Count ? 1 : b == before.Count ? -1 : string.CompareOrdinal(now[n].Path, before[b].Path);
            if (order < 0)
            {
                return $"{Noun(now[n])} is new";
            }

            if (order > 0)
            {
                return $"{Noun(before[b])} is gone";
            }

            if (now[n] != before[b])
            {
                return $"{Noun(now[n])}: {Field(now[n], before[b])}";
            }

            n++;
            b++;
        }

        return null;
    }

    private static string Field(in FileFact now, in FileFact before) =>
        now.IsSummary != before.IsSummary || now.IsSummary ? "something in it changed"
        : now.Kind != before.Kind ? $"its kind changed: {Word(before)} → {Word(now)}"
        : now.Content != before.Content ? (now.Kind == Linux.Files.FileKind.Symlink ? "its target changed" : "its content changed")
        : now.Mode != before.Mode ? $"its mode changed: {Octal(before.Mode)} → {Octal(now.Mode)}"
        : (now.Uid, now.Gid) != (before.Uid, before.Gid)
            ? string.Create(CultureInfo.InvariantCulture, $"its owner changed: {before.Uid}:{before.Gid} → {now.Uid}:{now.Gid}")
        : "its extended attributes changed";

    private static string Noun(in FileFact file) => $"{Word(file)} {Quoted.Text(file.Path.Length == 0 ? "." : file.Path)}";

    private static string Word(in FileFact file) => file.Kind switch
    {
        Linux.Files.FileKind.Directory => "directory",
        Linux.Files.FileKind.Symlink => "link",
        Linux.Files.FileKind.Regular => "file",
        _ => "node",
    };

    private static string Octal(uint mode) => "0" + Convert.ToString(mode, 8);

    private static string Change(string was, string now)
    {
        int same = was.AsSpan().CommonPrefixLength(now);
        int from = same <= LongestValue / 2 ? 0 : same - (LongestValue / 2);
        string dots = from > 0 ? "…" : "";
        return $"{Short(dots + was[from..])} → {Short(dots + now[from..])}";
    }

    private static string Short(string value)
    {
        string line = value.ReplaceLineEndings("⏎");
        return Quoted.Text(line.Length <= LongestValue ? line : line[..LongestValue] + "…");
    }

    private static string Chain(string identity) => identity.StartsWith("sha256:", StringComparison.Ordinal) ? identity[..19] : identity;

    /// <summary>0: another step altogether.</summary>
    private static int Likeness(string title, string other, bool isSameProject)
    {
        (string place, string text) = Parts(title);
        (string otherPlace, string otherText) = Parts(other);
        return title == other ? SameTitle + (isSameProject ? SamePlace : 0) : (place == otherPlace && isSameProject ? SamePlace : 0) + (text == otherText ? SameText : 0);
    }

    private static (string Place, string Text) Parts(string title)
    {
        int end = title.IndexOf(']', StringComparison.Ordinal);
        int slash = end < 0 ? -1 : title.LastIndexOf('/', end);
        return end < 0 ? ("", title) : (title[..(slash < 0 ? end : slash)], title[(end + 1)..]);
    }

    private static int Shared(StepInputs now, StepInputs before)
    {
        HashSet<InputFact> facts = [.. before.Facts];
        HashSet<FileFact> files = [.. before.Files];
        int equal = now.Facts.Count(facts.Contains);
        int equalFiles = now.Files.Count(files.Contains);
        return equal + (equalFiles * 100 / Math.Max(1, Math.Max(now.Files.Count, before.Files.Count)));
    }
}
