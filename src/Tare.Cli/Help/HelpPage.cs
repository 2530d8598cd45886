// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;

namespace Tare.Cli.Help;

/// <summary>What <c>--help</c> prints, in docker's order: usage, summary, aliases, options, examples.</summary>
internal static class HelpPage
{
    public static int WriteRoot(Session session)
    {
        TextWriter output = session.Output;
        output.WriteLine("Usage:  tare [OPTIONS] COMMAND\n");
        output.WriteLine("A container engine in one native binary, without a daemon\n");
        output.WriteLine("Commands:");
        WriteColumns(
            output, [.. Verbs.All.Where(call => !call.Name.Contains(' ', StringComparison.Ordinal)).Select(Line)]);
        output.WriteLine("\nManagement Commands:");
        WriteColumns(output, [.. Verbs.Groups.Select(group => (group.Key, group.Value))]);
        output.WriteLine("\nGlobal Options:");
        WriteFlags(output, GlobalFlags.All);
        output.WriteLine("\nRun 'tare COMMAND --help' for more information on a command.");
        return 0;
    }

    public static int WriteGroup(Session session, string group)
    {
        TextWriter output = session.Output;
        output.WriteLine($"Usage:  tare {group} COMMAND\n\n{Verbs.Groups[group]}\n\nCommands:");
        WriteColumns(
            output, [.. Verbs.Of(group).Select(call => (call.Name[(group.Length + 1)..], call.Create().Summary))]);
        output.WriteLine($"\nRun 'tare {group} COMMAND --help' for more information on a command.");
        return 0;
    }

    public static int Write(Session session, Call call, Verb verb)
    {
        TextWriter output = session.Output;
        output.WriteLine($"Usage:  tare {call.Name} {verb.Usage}".TrimEnd());
        output.WriteLine($"\n{verb.Summary}");
        if (call.Names.Count > 1)
        {
            output.WriteLine($"\nAliases:\n  {string.Join(", ", call.Names.Select(name => $"tare {name}"))}");
        }

        if (verb.Flags.Count > 0)
        {
            output.WriteLine("\nOptions:");
            WriteFlags(output, verb.Flags);
        }

        if (verb.Examples.Count > 0)
        {
            output.WriteLine("\nExamples:");
            WriteColumns(output, verb.Examples);
        }

        return 0;
    }

    private static (string Name, string Summary) Line(Call call) => (call.Name, call.Create().Summary);

    public static void WriteFlags(TextWriter output, IReadOnlyList<Flag> flags) => WriteColumns(
        output,
        [.. flags.OrderBy(flag => flag.Name, StringComparer.Ordinal).Select(flag => (Label(flag), flag.Help))]);

    private static string Label(Flag flag)
    {
        string spelling = flag.Letter is null ? "    " + flag.Spelling : flag.Spelling;
        return flag.ValueName is null ? spelling : $"{spelling} {flag.ValueName}";
    }

    public static void WriteColumns(TextWriter output, IReadOnlyList<(string Left, string Right)> rows)
    {
        int width = rows.Select(row => row.Left.Length).DefaultIfEmpty().Max() + 3;
        foreach ((string left, string right) in rows)
        {
            output.WriteLine($"  {left.PadRight(width)}{right}".TrimEnd());
        }
    }
}
