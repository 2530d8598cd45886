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
    private const string JsonWord = "json";

    /// <summary>What <c>{{.Label "key"}}</c> says of a row; null: rows have no labels.</summary>
    public Func<T, string, string>? Label { get; init; }

    /// <summary>True when a template asks for the column, so that what is costly need not be found out otherwise. As
    /// docker's, the word <c>json</c> does not ask for it and <c>{{json .}}</c> does.</summary>
    /// <exception cref="Arguments.UsageException">the template is wrong</exception>
    public static bool Mentions(string? format, string field) =>
        format?.Trim() is { Length: > 0 } text and not (TableWord or JsonWord) && Template.Parse(text).Mentions(field);

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
            Template template = Template.Parse(format == JsonWord ? "{{json .}}" : format);
            foreach (T row in rows)
            {
                template.Render(Document(column => column.Of(row)), output, Extras(key => Label!(row, key)));
                output.Write('\n');
            }
        }
    }

    /// <summary>The fields of <c>shown</c> and more of them, for flags such as <c>--digests</c>.</summary>
    public Listing<T> Showing(IReadOnlyList<string> fields) => new(columns, fields) { Label = Label };

    private static void WriteTable(TextWriter output, IEnumerable<T> rows, Column<T>[] chosen)
    {
        List<string[]> lines = [[.. chosen.Select(column => column.Header)]];
        lines.AddRange(rows.Select(row => chosen.Select(column => column.Of(row) ?? "").ToArray()));
        Table.Write(output, lines);
    }

    private void WriteTemplateTable(TextWriter output, IEnumerable<T> rows, Template template)
    {
        List<string[]> lines = [template.Render(Document(column => column.Header), Extras(TitleOf)).Split('\t')];
        lines.AddRange(rows.Select(
            row => template.Render(Document(column => column.Of(row)), Extras(key => Label!(row, key))).Split('\t')));
        Table.Write(output, lines);
    }

    /// <summary>Of <c>com.example.my-label</c> docker shows <c>MY LABEL</c>.</summary>
    private static string TitleOf(string label) => label[(label.LastIndexOf('.') + 1)..]
        .Replace('-', ' ').Replace('_', ' ').ToUpperInvariant();

    private Extras? Extras(Func<string, string> label) => Label is null
        ? null
        : (string name, IReadOnlyList<object?> arguments, out object? value) =>
        {
            value = name == "Label" && arguments.Count == 1 ? label(Values.Text(arguments[0])) : null;
            return value is not null;
        };

    private JsonElement Document(Func<Column<T>, string?> value) => Json.Build(writer =>
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
