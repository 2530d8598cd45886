// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Cli.Arguments;

/// <summary>One option of a verb: how it is written, what it takes, what it says in the help.</summary>
/// <remarks>
/// The rules are those of docker's flag library (pflag), because people's fingers and scripts know them: <c>-it</c>,
/// <c>-m512m</c>, <c>-eA=b</c>, <c>--rm=false</c>, a value may begin with a dash, a list flag may be repeated.
/// </remarks>
internal abstract class Flag
{
    /// <param name="spelling"><c>-e, --env</c> or <c>--rm</c>, as the help prints it</param>
    /// <param name="valueName">what the help calls the value; null for a switch</param>
    /// <param name="help">one line</param>
    protected Flag(string spelling, string? valueName, string help)
    {
        Spelling = spelling;
        ValueName = valueName;
        Help = help;
        Letter = spelling[1] == '-' ? null : spelling[1];
        Name = spelling[(spelling.IndexOf("--", StringComparison.Ordinal) + 2)..];
    }

    public string Spelling { get; }

    public string? ValueName { get; }

    public string Help { get; }

    /// <summary>The short form, without its dash, or null.</summary>
    public char? Letter { get; }

    /// <summary>The long form, without its dashes.</summary>
    public string Name { get; }

    /// <summary>A long form of former times, which no help shows; null: none.</summary>
    public string? OtherName { get; init; }

    /// <summary>True when the flag stands alone: a value can only be given with <c>=</c>.</summary>
    public bool IsSwitch => ValueName is null;

    /// <summary>What a shell offers for the value.</summary>
    public Candidates Completes { get; init; }

    /// <summary>The value after <paramref name="text"/> was seen, given the value before it.</summary>
    /// <exception cref="FormatException">the text is no such value; the message is the cause alone</exception>
    public abstract object? Take(object? before, string text);

    public static Flag<bool> Switch(string spelling, string help, bool fallback = false) =>
        new(spelling, null, help, (_, text) => ParseBool(text), fallback);

    public static Flag<string?> Text(string spelling, string valueName, string help, string? fallback = null) =>
        new(spelling, valueName, help, static (_, text) => text, fallback);

    /// <summary>A path of the host.</summary>
    public static Flag<string?> File(string spelling, string help) =>
        new(spelling, "string", help, static (_, text) => text, null) { Completes = Candidates.Files };

    public static Flag<IReadOnlyList<string>> List(string spelling, string valueName, string help) =>
        new(spelling, valueName, help, static (before, text) => [.. before!, text], []);

    /// <summary>A whole number within bounds.</summary>
    public static Flag<long?> Number(string spelling, string help, long min, long max) =>
        new(spelling, "int", help, (_, text) => ParseNumber(text, min, max), null);

    /// <summary>A scalar with a parser of its own, which throws <see cref="FormatException"/>.</summary>
    public static Flag<T?> Of<T>(string spelling, string valueName, string help, Func<string, T> parse)
        where T : struct => new(spelling, valueName, help, (_, text) => parse(text), null);

    /// <summary>A repeatable flag whose every value is parsed.</summary>
    public static Flag<IReadOnlyList<T>> ListOf<T>(
        string spelling, string valueName, string help, Func<string, T> parse) =>
        new(spelling, valueName, help, (before, text) => [.. before!, parse(text)], []);

    private static bool ParseBool(string text) => GoBoolean.Parse(text) ?? throw new FormatException("want true or false");

    private static long ParseNumber(string text, long min, long max)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            throw new FormatException("want a whole number");
        }

        return number >= min && number <= max
            ? number
            : throw new FormatException($"want a number from {min} to {max}");
    }
}
