// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tare.Cli.Output.Templates;

/// <summary>The functions that a template can call.</summary>
internal static class Functions
{
    public static readonly string[] Known =
    [
        "and", "eq", "index", "join", "json", "len", "lower", "ne", "not", "or", "print", "printf", "println", "split",
        "title", "truncate", "upper",
    ];

    /// <exception cref="Arguments.UsageException">too few arguments, or of the wrong kind</exception>
    public static object? Call(string function, object?[] arguments) => (function, arguments) switch
    {
        ("json", [var value]) => ToJson(value),
        ("len", [var value]) => (long)Values.Length(value),
        ("index", [var value, .. var keys]) => keys.Aggregate(value, Index),
        ("join", [var list, var separator]) => string.Join(Values.Text(separator), Values.Elements(list).Select(Values.Text)),
        ("split", [var text, var separator]) => Values.Text(text).Split(Values.Text(separator)),
        ("upper", [var text]) => Values.Text(text).ToUpperInvariant(),
        ("lower", [var text]) => Values.Text(text).ToLowerInvariant(),
        ("title", [var text]) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Values.Text(text)),
        ("truncate", [var text, long length]) => Truncate(Values.Text(text), length),
        ("print", _) => string.Concat(arguments.Select(Values.Text)),
        ("println", _) => string.Join(' ', arguments.Select(Values.Text)) + "\n",
        ("printf", [string format, .. var rest]) => Format(format, rest),
        ("eq", [var value, _, ..]) => arguments.Skip(1).Any(other => Values.Text(other) == Values.Text(value)),
        ("ne", [var value, var other]) => Values.Text(other) != Values.Text(value),
        ("not", [var value]) => !Values.IsTrue(value),
        ("and", [_, ..]) => arguments.FirstOrDefault(value => !Values.IsTrue(value), arguments[^1]),
        ("or", [_, ..]) => arguments.FirstOrDefault(Values.IsTrue, arguments[^1]),
        _ => throw TemplateParser.Wrong($"wrong number or type of arguments for {function}"),
    };

    private static string ToJson(object? value) => value switch
    {
        JsonElement element => Json.OneLine(element),
        string text => Json.OneLine(Json.Build(writer => writer.WriteStringValue(text))),
        IReadOnlyList<string> list => $"[{string.Join(',', list.Select(ToJson))}]",
        null => "null",
        _ => Values.Text(value),
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
        return key is long at && at >= 0 && at < elements.Length
            ? elements[at]
            : throw TemplateParser.Wrong($"index out of range: {Values.Text(key)}");
    }

    private static string Truncate(string text, long length) => length < text.Length ? text[..(int)length] : text;

    /// <summary><c>%s %v %d %q %%</c>, without widths.</summary>
    private static string Format(string format, object?[] arguments)
    {
        var text = new StringBuilder();
        int next = 0;
        for (int at = 0; at < format.Length; at++)
        {
            char verb = format[at] == '%' && at + 1 < format.Length ? format[++at] : '\0';
            text.Append(verb switch
            {
                '\0' => format[at].ToString(),
                '%' => "%",
                _ when next >= arguments.Length => throw TemplateParser.Wrong($"printf: no argument for %{verb}"),
                's' or 'v' or 'd' => Values.Text(arguments[next++]),
                'q' => ToJson(Values.Text(arguments[next++])),
                _ => throw TemplateParser.Wrong($"printf: %{verb} is not supported"),
            });
        }

        return text.ToString();
    }
}
