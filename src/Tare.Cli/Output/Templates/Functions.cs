// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;

namespace Tare.Cli.Output.Templates;

/// <summary>The functions that a template can call: those of Go's templates and those that docker adds.</summary>
internal static class Functions
{
    public static readonly string[] Known =
    [
        "and", "eq", "ge", "gt", "index", "join", "json", "le", "len", "lower", "lt", "ne", "not", "or", "pad", "print",
        "printf", "println", "slice", "split", "title", "truncate", "upper",
    ];

    /// <exception cref="Arguments.UsageException">too few arguments, or of the wrong kind</exception>
    public static object? Call(string function, object?[] arguments) => (function, arguments) switch
    {
        ("json", [var value]) => ToJson(value),
        ("len", [var value]) => (long)Values.Length(value),
        ("index", [var value, .. var keys]) => keys.Aggregate(value, Index),
        ("slice", [var value, .. { Length: <= 2 } bounds]) => Slice(value, bounds),
        ("not", [var value]) => !Values.IsTrue(value),
        ("and" or "or", [var value]) => value,
        ("eq", [var value, _, ..]) => arguments.Skip(1).Any(other => Values.Text(other) == Values.Text(value)),
        ("ne", [var value, var other]) => Values.Text(other) != Values.Text(value),
        ("lt", [var value, var other]) => Compare(value, other) < 0,
        ("le", [var value, var other]) => Compare(value, other) <= 0,
        ("gt", [var value, var other]) => Compare(value, other) > 0,
        ("ge", [var value, var other]) => Compare(value, other) >= 0,
        ("print", _) => string.Concat(arguments.Select(Values.Text)),
        ("println", _) => string.Join(' ', arguments.Select(Values.Text)) + "\n",
        ("printf", [var format, .. var rest]) => FormatText.Format(Values.Text(format), rest),
        _ => OfText(function, arguments),
    };

    /// <summary>As Go's encoder writes a text.</summary>
    public static string ToJson(object? value) => value switch
    {
        JsonElement element => Json.OneLine(element),
        string text => Json.Text(text),
        IReadOnlyList<string> list => $"[{string.Join(',', list.Select(ToJson))}]",
        null => "null",
        _ => Values.Text(value),
    };

    private static object OfText(string function, object?[] arguments) => (function, arguments) switch
    {
        ("join", [var list, var separator]) =>
            string.Join(Values.Text(separator), Values.Elements(list).Select(Values.Text)),
        ("split", [var text, var separator]) => Split(Values.Text(text), Values.Text(separator)),
        ("upper", [var text]) => Values.Text(text).ToUpperInvariant(),
        ("lower", [var text]) => Values.Text(text).ToLowerInvariant(),
        ("title", [var text]) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Values.Text(text)),
        ("truncate", [var text, var length]) => Truncate(Values.Text(text), Count(length)),
        ("pad", [var text, var before, var after]) => Pad(Values.Text(text), Count(before), Count(after)),
        _ => throw TemplateParser.Wrong($"wrong number or type of arguments for {function}"),
    };

    private static object? Index(object? value, object? key)
    {
        if (value is null or JsonElement { ValueKind: JsonValueKind.Null })
        {
            return "";
        }

        if (value is JsonElement { ValueKind: JsonValueKind.Object } map)
        {
            return map.TryGetProperty(Values.Text(key), out JsonElement member) ? member : "";
        }

        object?[] elements = [.. Values.Elements(value)];
        return Values.Number(key) is { } at && at >= 0 && at < elements.Length
            ? elements[at]
            : throw TemplateParser.Wrong($"index out of range: {Values.Text(key)}");
    }

    private static object Slice(object? value, object?[] bounds)
    {
        int length = Values.Length(value);
        int start = bounds.Length > 0 ? Count(bounds[0]) : 0;
        int end = bounds.Length > 1 ? Count(bounds[1]) : length;
        if (start > end || end > length)
        {
            throw TemplateParser.Wrong($"slice out of range: {start}:{end} of {length}");
        }

        object cut = value is string or JsonElement { ValueKind: JsonValueKind.String }
            ? Values.Text(value)[start..end]
            : Values.Elements(value).Select(Values.Text).ToArray()[start..end];
        return cut;
    }

    private static int Compare(object? one, object? other) =>
        Values.Number(one) is { } left && Values.Number(other) is { } right
            ? left.CompareTo(right)
            : string.CompareOrdinal(Values.Text(one), Values.Text(other));

    /// <summary>An empty separator splits into characters, as Go's does.</summary>
    private static string[] Split(string text, string separator) => separator.Length == 0
        ? [.. text.EnumerateRunes().Select(rune => rune.ToString())]
        : text.Split(separator);

    private static string Truncate(string text, int length) => length < text.Length ? text[..length] : text;

    /// <summary>Blanks around a text that is not empty.</summary>
    private static string Pad(string text, int before, int after) =>
        text.Length == 0 ? text : new string(' ', before) + text + new string(' ', after);

    private static int Count(object? value) => Values.Number(value) is { } count and >= 0 and <= FormatText.MaxWidth
        ? (int)count
        : throw TemplateParser.Wrong($"want a number from 0 to {FormatText.MaxWidth}, not {Values.Text(value)}");
}
