// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;

namespace Tare.Cli.Help;

/// <summary>What could stand at the end of a command line that is not finished.</summary>
/// <param name="names">the images or containers that there are; asked only when they fit the place</param>
internal sealed class Completer(Func<Candidates, IEnumerable<string>> names)
{
    /// <summary>The line that asks the shell for file names.</summary>
    public const string AskForFiles = ":files";

    /// <param name="words">the words after the program's name; the last is the unfinished one, perhaps empty</param>
    /// <returns>lines <c>word TAB meaning</c></returns>
    public IEnumerable<string> Complete(IReadOnlyList<string> words)
    {
        string typed = words.Count > 0 ? words[^1] : "";
        ReadOnlySpan<string> before = [.. words.SkipLast(1)];
        int start = SkipGlobals(before);
        if (start < 0)
        {
            return [AskForFiles];
        }

        bool grouped = start < before.Length && Verbs.Groups.ContainsKey(before[start]);
        int verbWords = grouped ? 2 : 1;
        if (before.Length < start + verbWords)
        {
            return Fitting(typed, grouped ? InGroup(before[start]) : Roots(typed));
        }

        Call? call = Verbs.Lookup(string.Join(' ', before.Slice(start, verbWords)));
        return call is null ? [] : InVerb(call.Create(), before[(start + verbWords)..], typed);
    }

    private IEnumerable<string> InVerb(Verb verb, ReadOnlySpan<string> before, string typed)
    {
        if (ValueFlag(verb.Flags, before) is { } flag)
        {
            return Offer(flag.Completes, typed);
        }

        bool operandSeen = HasOperand(verb.Flags, before);
        if (verb.StopsAtOperand && operandSeen)
        {
            return [AskForFiles];
        }

        return typed.StartsWith('-')
            ? Fitting(typed, verb.Flags.Select(each => $"--{each.Name}\t{each.Help}").Append("--help\tPrint usage"))
            : Offer(verb.Completes, typed);
    }

    private IEnumerable<string> Offer(Candidates what, string typed) => what switch
    {
        Candidates.None => [],
        Candidates.Files => [AskForFiles],
        _ => Fitting(typed, names(what)),
    };

    private static IEnumerable<string> Fitting(string typed, IEnumerable<string> candidates) =>
        candidates.Where(candidate => candidate.StartsWith(typed, StringComparison.Ordinal));

    private static IEnumerable<string> Roots(string typed) => typed.StartsWith('-')
        ? GlobalFlags.All.Select(flag => $"--{flag.Name}\t{flag.Help}").Append("--help\tPrint usage")
        : Verbs.All
            .Where(call => !call.Name.Contains(' ', StringComparison.Ordinal))
            .Select(call => $"{call.Name}\t{call.Create().Summary}")
            .Concat(Verbs.Groups.Select(group => $"{group.Key}\t{group.Value}"));

    private static IEnumerable<string> InGroup(string group) =>
        Verbs.Of(group).Select(call => $"{call.Name[(group.Length + 1)..]}\t{call.Create().Summary}");

    /// <summary>Where the verb begins; -1 when the cursor is on a global flag's value.</summary>
    private static int SkipGlobals(ReadOnlySpan<string> words)
    {
        int at = 0;
        while (at < words.Length && words[at].StartsWith('-'))
        {
            bool takesNext = TakesNext(GlobalFlags.All, words[at]) is not null;
            at += takesNext ? 2 : 1;
        }

        return at <= words.Length ? at : -1;
    }

    private static Flag? ValueFlag(IReadOnlyList<Flag> flags, ReadOnlySpan<string> before) =>
        before.IsEmpty ? null : TakesNext(flags, before[^1]);

    private static bool HasOperand(IReadOnlyList<Flag> flags, ReadOnlySpan<string> words)
    {
        for (int at = 0; at < words.Length; at++)
        {
            if (!words[at].StartsWith('-'))
            {
                return true;
            }

            at += TakesNext(flags, words[at]) is null ? 0 : 1;
        }

        return false;
    }

    /// <summary>The flag whose value is the word after <paramref name="word"/>, or null.</summary>
    private static Flag? TakesNext(IReadOnlyList<Flag> flags, string word)
    {
        bool isLong = word.StartsWith("--", StringComparison.Ordinal);
        bool isShort = !isLong && word.Length > 1 && word[0] == '-';
        return flags.FirstOrDefault(flag => !flag.IsSwitch
            && ((isLong && word[2..] == flag.Name) || (isShort && flag.Letter == word[^1])));
    }
}
