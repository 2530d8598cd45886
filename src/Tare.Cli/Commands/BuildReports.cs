// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Cli.Arguments;
using Tare.Cli.Output;

namespace Tare.Cli.Commands;

/// <summary>What is told of a Dockerfile without building it (<c>--check</c>, <c>--call</c>), and lines of it beside errors.</summary>
internal static class BuildReports
{
    private const int LinesAround = 2;

    /// <summary>What is asked for.</summary>
    internal enum Kind
    {
        /// <summary>To build.</summary>
        None,

        /// <summary>The findings of the checks.</summary>
        Check,

        /// <summary>The same for programs.</summary>
        CheckJson,

        /// <summary>What the target can be given.</summary>
        Outline,

        /// <summary>The stages.</summary>
        Targets,
    }

    /// <exception cref="UsageException">no such report</exception>
    public static Kind Of(ParsedArguments arguments)
    {
        string? call = arguments.Get(BuildFlags.Call);
        return arguments.Get(BuildFlags.Check) ? Kind.Check : call switch
        {
            null or "build" => Kind.None,
            "check" or "lint" or "check,format=text" => Kind.Check,
            "check,format=json" or "lint,format=json" => Kind.CheckJson,
            "outline" => Kind.Outline,
            "targets" => Kind.Targets,
            _ => throw new UsageException($"invalid call: {call}", 1),
        };
    }

    /// <summary>Prints the report; answers the exit code.</summary>
    public static int Print(Session session, Kind kind, BuildGraph graph)
    {
        switch (kind)
        {
            case Kind.Check:
                return Check(session.Output, graph);
            case Kind.CheckJson:
                session.Output.WriteLine(Json.Pretty(Json.Build(writer => Write(writer, graph))));
                return graph.Warnings.Count == 0 ? 0 : 1;
            case Kind.Outline:
                Outline(session.Output, graph.Outline);
                return 0;
            default:
                Targets(session.Output, graph.Document);
                return 0;
        }
    }

    /// <summary>A line for each finding, below a build.</summary>
    public static void Warnings(TextWriter output, IReadOnlyList<Warning> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $" {warnings.Count} warning{(warnings.Count == 1 ? "" : "s")} found (use --check to expand):"));
        foreach (Warning warning in warnings)
        {
            output.WriteLine(" - " + Printable.Of(warning.Line));
        }
    }

    /// <summary>The lines of an instruction and some around them.</summary>
    public static void Excerpt(TextWriter output, SourceText source, SourceRange range)
    {
        if (range.Line < 1)
        {
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{source.Name}:{range.Line}"));
        output.WriteLine("--------------------");
        int first = Math.Max(1, range.Line - LinesAround);
        int last = Math.Min(source.Lines.Count, range.EndLine + LinesAround);
        for (int line = first; line <= last; line++)
        {
            string mark = line >= range.Line && line <= range.EndLine ? ">>>" : "   ";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $" {line,3} | {mark} {Printable.Of(source.Lines[line - 1].Content)}"));
        }

        output.WriteLine("--------------------");
    }

    private static int Check(TextWriter output, BuildGraph graph)
    {
        if (graph.Warnings.Count == 0)
        {
            output.WriteLine("Check complete, no warnings found.");
            return 0;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Check complete, {graph.Warnings.Count} warning{(graph.Warnings.Count == 1 ? " has" : "s have")} been found!"));
        foreach (Warning warning in graph.Warnings)
        {
            output.WriteLine();
            output.WriteLine($"WARNING: {warning.Rule.Name} - {warning.Rule.Url}");
            output.WriteLine(Printable.Of(warning.Message));
            output.WriteLine();
            Excerpt(output, graph.Document.Source, warning.Range);
        }

        return 1;
    }

    /// <summary>In buildx's members, without the graph of BuildKit's own that stands in it there.</summary>
    private static void Write(Utf8JsonWriter writer, BuildGraph graph)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("warnings");
        foreach (Warning warning in graph.Warnings)
        {
            writer.WriteStartObject();
            writer.WriteString("ruleName", warning.Rule.Name);
            writer.WriteString("description", warning.Rule.Description);
            writer.WriteString("url", warning.Rule.Url);
            writer.WriteString("detail", warning.Message);
            writer.WriteStartObject("location");
            writer.WriteStartArray("ranges");
            BuildProgress.RawJsonView.WriteRange(writer, warning.Range);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("sources");
        writer.WriteStartObject();
        writer.WriteString("filename", graph.Document.Source.Name);
        writer.WriteString("language", "Dockerfile");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Outline(TextWriter output, Outline outline)
    {
        output.WriteLine($"TARGET: {(outline.Name.Length == 0 ? "default" : outline.Name)}");
        if (outline.Description.Length > 0)
        {
            output.WriteLine($"DESCRIPTION: {Printable.Of(outline.Description)}");
        }

        Table.Write(
            output,
            [["BUILD ARG", "VALUE", "DESCRIPTION"], .. outline.Arguments.Select(static one => new[] { one.Name, one.Value ?? "", one.Description })]);
        Lend(output, "SECRET", outline.Secrets);
        Lend(output, "SSH", outline.Agents);
    }

    private static void Lend(TextWriter output, string title, IReadOnlyList<OutlineSecret> what)
    {
        if (what.Count > 0)
        {
            output.WriteLine();
            Table.Write(output, [[title, "REQUIRED"], .. what.Select(static one => new[] { one.Id, one.IsRequired ? "true" : "" })]);
        }
    }

    private static void Targets(TextWriter output, DockerfileDocument document) => Table.Write(
        output,
        [
            ["TARGET", "DESCRIPTION"],
            .. TargetList.Of(document).Select(static one => new[]
            {
                (one.Name.Length == 0 ? "default" : one.Name) + (one.IsDefault && one.Name.Length > 0 ? " (default)" : ""),
                one.Description,
            }),
        ]);
}
