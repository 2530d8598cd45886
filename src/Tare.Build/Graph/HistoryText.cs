// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>The texts that docker writes into an image's history.</summary>
internal static class HistoryText
{
    /// <summary><c>["a" "b"]</c>, as Go prints with %q.</summary>
    public static string Quoted(IReadOnlyList<string> words) => $"[{string.Join(' ', words.Select(Quote))}]";

    /// <summary><c>[a b]</c>, as Go prints with %v.</summary>
    public static string Plain(IReadOnlyList<string> words) => $"[{string.Join(' ', words)}]";

    /// <summary>A probe, as Go prints the pointer to it with %q.</summary>
    public static string Probe(Healthcheck check) =>
        $"&{{{Quoted(check.Test ?? [])} {Quote(GoDuration.Format(check.Interval))} {Quote(GoDuration.Format(check.Timeout))} "
        + $"{Quote(GoDuration.Format(check.StartPeriod))} {Quote(GoDuration.Format(check.StartInterval))} {Character(check.Retries)}}}";

    /// <summary>A RUN: build arguments in front, with their number.</summary>
    public static string Run(IReadOnlyList<string> arguments, IReadOnlyList<string> command)
    {
        IEnumerable<string> words = arguments.Count == 0 ? command : [$"|{arguments.Count}", .. arguments, .. command];
        return $"RUN {string.Join(' ', words)} # buildkit";
    }

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value == '"' ? "\\\"" : Escaped(rune));
        }

        return quoted.Append('"').ToString();
    }

    private static string Character(int value) =>
        !Rune.IsValid(value) ? "'\uFFFD'" : value == '\'' ? "'\\''" : $"'{Escaped(new Rune(value))}'";

    private static string Escaped(Rune rune) => rune.Value switch
    {
        '\\' => "\\\\",
        '\a' => "\\a",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\v' => "\\v",
        < ' ' or 0x7f => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
        _ when IsPrintable(rune) => rune.ToString(),
        <= 0xffff => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
    };

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
