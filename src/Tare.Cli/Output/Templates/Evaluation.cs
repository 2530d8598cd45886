// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Arguments;

namespace Tare.Cli.Output.Templates;

/// <summary>One rendering of a template. Values are <see cref="JsonElement"/>, string, long, bool or null.</summary>
internal sealed class Evaluation(JsonElement document, TextWriter output)
{
    public void Run(IReadOnlyList<Node> nodes, object? dot)
    {
        foreach (Node node in nodes)
        {
            switch (node)
            {
                case Node.Plain plain:
                    output.Write(plain.Text);
                    break;
                case Node.Print print:
                    output.Write(Values.Text(Of(print.Value, dot)));
                    break;
                case Node.If branch:
                    object? value = Of(branch.Value, dot);
                    bool taken = Values.IsTrue(value);
                    Run(taken ? branch.Then : branch.Else, taken && branch.MovesDot ? value : dot);
                    break;
                case Node.Range range:
                    RunRange(range, dot);
                    break;
            }
        }
    }

    private void RunRange(Node.Range range, object? dot)
    {
        bool any = false;
        foreach (object? element in Values.Elements(Of(range.Value, dot)))
        {
            any = true;
            Run(range.Body, element);
        }

        if (!any)
        {
            Run(range.Else, dot);
        }
    }

    private object? Of(Operand operand, object? dot) => operand switch
    {
        Operand.Constant constant => constant.Value,
        Operand.Field field => Walk(field, field.FromDocument ? document : dot),
        Operand.Call call => Functions.Call(call.Function, [.. call.Arguments.Select(argument => Of(argument, dot))]),
        Operand.Pipe pipe => OfPipe(pipe, dot),
        _ => throw new InvalidOperationException(),
    };

    private object? OfPipe(Operand.Pipe pipe, object? dot)
    {
        object? value = Of(pipe.Stages[0], dot);
        foreach (Operand stage in pipe.Stages.Skip(1))
        {
            value = stage is Operand.Call call
                ? Functions.Call(call.Function, [.. call.Arguments.Select(argument => Of(argument, dot)), value])
                : throw TemplateParser.Wrong("only a function can stand after |");
        }

        return value;
    }

    private static object? Walk(Operand.Field field, object? value)
    {
        foreach (string name in field.Names)
        {
            value = Member(value, name);
        }

        return value;
    }

    /// <summary>Names that begin with a capital are fields and must exist; others are keys of maps, which may be
    /// absent.</summary>
    private static JsonElement? Member(object? value, string name)
    {
        if (value is JsonElement { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out JsonElement member))
        {
            return member;
        }

        bool mayBeAbsent = value is null or JsonElement { ValueKind: JsonValueKind.Null } || !char.IsUpper(name[0]);
        return mayBeAbsent ? null : throw new UsageException($"template: can't evaluate field {name}: there is none", 1);
    }
}
