// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;

namespace Tare.Cli.Help;

/// <summary>Man pages in roff (man(7)) from the verbs: tare(1) and one page for each.</summary>
internal static class ManPage
{
    /// <summary>The file name of a verb's page: <c>tare-image-inspect.1</c>.</summary>
    public static string FileName(string verbName) => $"{PageName(verbName)}.1";

    public static string Root()
    {
        using var page = new StringWriter { NewLine = "\n" };
        WriteHead(page, "", "a container engine in one native binary, without a daemon");
        page.WriteLine(".SH SYNOPSIS\n.B tare\n[OPTIONS] COMMAND [ARG...]");
        WriteFlags(page, "GLOBAL OPTIONS", GlobalFlags.All);
        page.WriteLine(".SH COMMANDS");
        foreach (Call call in Verbs.All)
        {
            page.WriteLine($".TP\n.BR {Escape(PageName(call.Name))} (1)\n{Escape(call.Create().Summary)}");
        }

        page.WriteLine(".SH FILES\n.TP\n.I /etc/tare/config\nthe configuration; docs/config.md is its reference\n.TP\n.I /var/lib/tare\nimages, layers and containers\n.TP\n.I /run/tare\nwhat lives while something runs");
        page.WriteLine(".SH ENVIRONMENT\n.TP\n.B TARE_ROOT\nas \\-\\-root\n.TP\n.B TARE_RUN\nas \\-\\-run\n.TP\n.B TARE_CONFIG\nas \\-\\-config");
        return page.ToString();
    }

    public static string Of(Call call)
    {
        Verb verb = call.Create();
        using var page = new StringWriter { NewLine = "\n" };
        WriteHead(page, call.Name, verb.Summary);
        page.WriteLine(".SH SYNOPSIS");
        foreach (string name in call.Names)
        {
            page.WriteLine($".B tare {name}\n{Escape(verb.Usage)}\n.br");
        }

        WriteFlags(page, "OPTIONS", verb.Flags);
        if (verb.Examples.Count > 0)
        {
            page.WriteLine(".SH EXAMPLES");
            foreach ((string line, string meaning) in verb.Examples)
            {
                page.WriteLine($".TP\n.B {Escape(line)}\n{Escape(meaning)}");
            }
        }

        page.WriteLine(".SH SEE ALSO\n.BR tare (1)");
        return page.ToString();
    }

    private static string PageName(string verbName) =>
        verbName.Length == 0 ? "tare" : $"tare-{verbName.Replace(' ', '-')}";

    private static void WriteHead(TextWriter page, string verbName, string summary)
    {
        string name = PageName(verbName);
        page.WriteLine($".TH {Escape(name.ToUpperInvariant())} 1 \"\" \"Tare {Release.Version}\" \"Tare\"");
        page.WriteLine($".SH NAME\n{Escape(name)} \\- {Escape(summary)}");
    }

    private static void WriteFlags(TextWriter page, string title, IReadOnlyList<Flag> flags)
    {
        if (flags.Count == 0)
        {
            return;
        }

        page.WriteLine($".SH {title}");
        foreach (Flag flag in flags.OrderBy(flag => flag.Name, StringComparer.Ordinal))
        {
            string value = flag.ValueName is null ? "" : $" \\fI{Escape(flag.ValueName)}\\fR";
            page.WriteLine($".TP\n\\fB{Escape(flag.Spelling)}\\fR{value}\n{Escape(flag.Help)}");
        }
    }

    /// <summary>Backslashes and dashes for roff, and nothing that begins a line like a request.</summary>
    private static string Escape(string text)
    {
        string escaped =
            text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }
}
