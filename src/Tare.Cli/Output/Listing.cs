// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Output.Templates;

namespace Tare.Cli.Output;

/// <summary>Prints rows as a table, as JSON or through a template: the three things <c>--format</c> can ask
/// for.</summary>
/// <param name="columns">everything a row can say</param>
/// <param name="shown">the fields of the plain table, in order</param>
internal sealed class Listing<T>(IReadOnlyList<Column<T>> columns, IReadOnlyList<string> shown)
{
    private const string TableWord = "table";

    /// <param name="output">where to</param>
    /// <param name="rows">what</param>
    /// <param name="format">null or <c>table</c>, <c>table TEMPLATE</c>, <c>json</c>, or a template</param>
    /// <exception cref="Arguments.UsageException">the template is wrong</exception>
    public void Write(TextWriter output, IEnumerable<T> rows, string? format)
    {
        format =
            format?.Trim().Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        if (string.IsNullOrEmpty(format) || format == TableWord)
        {
            WriteTable(output, rows, [.. shown.Select(Find)]);
        }
        else if (format.StartsWith(TableWord + " ", StringComparison.Ordinal))
        {
            WriteTemplateTable(output, rows, Template.Parse(format[TableWord.Length..].TrimStart()));
        }
        else
        {
            Template template = Template.Parse(format == "json" ? "{{json .}}" : format);
            foreach (T row in rows)
            {
                template.Render(Document(column => column.Of(row)), output);
                output.Write('\n');
            }
        }
    }

    /// <summary>The fields of <c>shown</c> and more of them, for flags such as <c>--digests</c>.</summary>
    public Listing<T> Showing(IReadOnlyList<string> fields) => new(columns, fields);

    private static void WriteTable(TextWriter output, IEnumerable<T> rows, Column<T>[] chosen)
    {
        List<string[]> lines = [[.. chosen.Select(column => column.Header)]];
        lines.AddRange(rows.Select(row => chosen.Select(column => column.Of(row)).ToArray()));
        Table.Write(output, lines);
    }

    private void WriteTemplateTable(TextWriter output, IEnumerable<T> rows, Template template)
    {
        List<string[]> lines = [template.Render(Document(column => column.Header)).Split('\t')];
        lines.AddRange(rows.Select(row => template.Render(Document(column => column.Of(row))).Split('\t')));
        Table.Write(output, lines);
    }

    private JsonElement Document(Func<Column<T>, string> value) => Json.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (Column<T> column in columns.OrderBy(column => column.Field, StringComparer.Ordinal))
        {
            writer.WriteString(column.Field, value(column));
        }

        writer.WriteEndObject();
    });

    private Column<T> Find(string field) => columns.First(column => column.Field == field);
}
