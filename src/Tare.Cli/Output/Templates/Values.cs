// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;

namespace Tare.Cli.Output.Templates;

/// <summary>What Go's templates make of a value: text, truth, elements.</summary>
internal static class Values
{
    /// <summary>As Go prints it: <c>[a b]</c>, <c>map[k:v]</c>, <c>&lt;nil&gt;</c> for null, <c>&lt;no value&gt;</c> for
    /// what is not there.</summary>
    public static string Text(object? value) => value switch
    {
        null => "<no value>",
        string text => text,
        bool truth => truth ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        JsonElement element => element.ValueKind switch
        {
            JsonValueKind.String => element.GetString()!,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Array => $"[{string.Join(' ', element.EnumerateArray().Select(item => Text(item)))}]",
            JsonValueKind.Object => $"map[{string.Join(' ', Members(element).Select(m => $"{m.Name}:{Text(m.Value)}"))}]",
            JsonValueKind.Null => "<nil>",
            _ => element.GetRawText(),
        },
        IReadOnlyList<string> list => $"[{string.Join(' ', list)}]",
        _ => throw new InvalidOperationException(),
    };

    /// <summary>False for null, false, zero and everything empty.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        string text => text.Length > 0,
        bool truth => truth,
        long number => number != 0,
        IReadOnlyList<string> list => list.Count > 0,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!.Length > 0,
        JsonElement { ValueKind: JsonValueKind.Number } number => number.GetDouble() != 0,
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.Array or JsonValueKind.Object } many => Length(many) > 0,
        _ => false,
    };

    /// <summary>The elements of a list, or the values of a map in the order of their keys.</summary>
    public static IEnumerable<object?> Elements(object? value) => Pairs(value).Select(pair => pair.Value);

    /// <summary>What a range goes over: indexes and elements of a list, keys and values of a map in the order of their
    /// keys.</summary>
    public static IEnumerable<(object? Key, object? Value)> Pairs(object? value) => value switch
    {
        IReadOnlyList<string> list => list.Select((item, at) => ((object?)(long)at, (object?)item)),
        JsonElement { ValueKind: JsonValueKind.Array } list =>
            list.EnumerateArray().Select((item, at) => ((object?)(long)at, (object?)item)),
        JsonElement { ValueKind: JsonValueKind.Object } map =>
            Members(map).Select(member => ((object?)member.Name, (object?)member.Value)),
        null or JsonElement { ValueKind: JsonValueKind.Null } => [],
        _ => throw TemplateParser.Wrong($"range can't iterate over {Text(value)}"),
    };

    /// <summary>Null when it is no whole number.</summary>
    public static long? Number(object? value) => value switch
    {
        long number => number,
        JsonElement { ValueKind: JsonValueKind.Number } element when element.TryGetInt64(out long number) => number,
        _ => null,
    };

    public static int Length(object? value) => value switch
    {
        string text => text.Length,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!.Length,
        _ => Elements(value).Count(),
    };

    private static IEnumerable<JsonProperty> Members(JsonElement map) =>
        map.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal);
}
