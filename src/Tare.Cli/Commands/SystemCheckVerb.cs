// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Check;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare system check</c>.</summary>
internal static class SystemCheckVerb
{
    private const int Found = 1;
    private const int NotRepaired = 2;

    private static readonly Flag<bool> Repair = Flag.Switch("--repair", "Remove what does not belong");
    private static readonly Flag<bool> Quick = Flag.Switch("--quick", "Do not read what is stored: no digests, no byte counts");
    private static readonly Flag<string?> Format = Flag.Text("-f, --format", "string", "Format output: 'json'");

    public static Verb Create() => new("Look for what does not belong: in the store, cgroups, mounts, processes", "[OPTIONS]", Act)
    {
        Flags = [Repair, Quick, Format],
        MaxOperands = 0,
        Examples =
        [
            ("tare system check", "exit code 0 when all is well, 1 when something was found"),
            ("tare system check --repair", "remove it; exit code 2 when something is left"),
            ("tare system check --quick --format json", "for monitoring"),
        ],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        string? format = arguments.Get(Format);
        if (format is not (null or "json"))
        {
            throw new UsageException($"\"{format}\" is not a valid value for --format: want json", 1);
        }

        using TareEngine engine = session.OpenEngineAsItIs();
        var check = new SystemCheck(engine, arguments.Get(Quick));
        bool repairs = arguments.Get(Repair);
        CheckReport report = repairs ? check.Repair() : check.Look();
        if (format is null)
        {
            Print(session.Output, report);
        }
        else
        {
            session.Output.WriteLine(Json.OneLine(Document(report)));
        }

        return report.Findings.Count == 0 ? 0 : repairs ? NotRepaired : Found;
    }

    private static void Print(TextWriter output, CheckReport report)
    {
        foreach (Finding finding in report.Removed)
        {
            output.WriteLine($"removed  {Printable.Of(finding.ToString())}");
        }

        foreach (Finding finding in report.Findings)
        {
            output.WriteLine(Printable.Of(finding.ToString()));
            if (finding.Hint is { } hint)
            {
                output.WriteLine($"    hint: {Printable.Of(hint)}");
            }
        }

        output.WriteLine(report.Findings.Count == 0 ? $"clean: {Summary(report)}" : Count(report.Findings.Count, "finding"));
    }

    private static string Summary(CheckReport report)
    {
        string things = $"{Count(report.Containers, "container")} ({report.Running} running), {Count(report.Images, "image")}";
        return report.Bytes is { } bytes ? $"{things}, {HumanSize.Format(bytes.Total)} on disk" : things;
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private static JsonElement Document(CheckReport report) => Json.Build(writer =>
    {
        writer.WriteStartObject();
        WriteFindings(writer, "Findings", report.Findings);
        WriteFindings(writer, "Removed", report.Removed);
        if (report.Bytes is { } bytes)
        {
            writer.WriteStartObject("Bytes");
            foreach ((string owner, long count) in bytes.Owners)
            {
                writer.WriteNumber(owner, count);
            }

            writer.WriteNumber("total", bytes.Total);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("Bytes");
        }

        writer.WriteNumber("Containers", report.Containers);
        writer.WriteNumber("Running", report.Running);
        writer.WriteNumber("Images", report.Images);
        writer.WriteEndObject();
    });

    private static void WriteFindings(Utf8JsonWriter writer, string name, IReadOnlyList<Finding> findings)
    {
        writer.WriteStartArray(name);
        foreach (Finding finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("Kind", finding.Kind);
            writer.WriteString("Subject", finding.Subject);
            writer.WriteString("Text", finding.Text);
            writer.WriteBoolean("Repairable", finding.Repairable);
            writer.WriteString("Hint", finding.Hint);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
