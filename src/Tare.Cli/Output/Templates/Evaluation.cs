// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Arguments;

namespace Tare.Cli.Output.Templates;

/// <summary>One rendering of a template. Values are <see cref="JsonElement"/>, string, long, bool, a list of strings or
/// null.</summary>
internal sealed class Evaluation
{
    private static readonly Extras None = static (name, arguments, out value) =>
    {
        value = null;
        return false;
    };

    private readonly TextWriter _output;
    private readonly Extras _extras;
    private readonly Variables<object?> _variables = new();

    public Evaluation(JsonElement document, TextWriter output, Extras? extras)
    {
        _output = output;
        _extras = extras ?? None;
        _variables.Declare("", document);
    }

    public void Run(IReadOnlyList<Node> nodes, object? dot)
    {
        int mark = _variables.Mark;
        foreach (Node node in nodes)
        {
            switch (node)
            {
                case Node.Plain plain:
                    _output.Write(plain.Text);
                    break;
                case Node.Print print:
                    _output.Write(Values.Text(Of(print.Value, dot)));
                    break;
                case Node.Assign assign:
                    Bind(assign.To, assign.To.Names[0], Of(assign.Value, dot));
                    break;
                case Node.If branch:
                    RunIf(branch, dot);
                    break;
                case Node.Range range:
                    RunRange(range, dot);
                    break;
            }
        }

        _variables.Forget(mark);
    }

    private void RunIf(Node.If branch, object? dot)
    {
        int mark = _variables.Mark;
        object? value = Of(branch.Value, dot);
        if (branch.To is { } binding)
        {
            Bind(binding, binding.Names[0], value);
        }

        bool taken = Values.IsTrue(value);
        Run(taken ? branch.Then : branch.Else, taken && branch.MovesDot ? value : dot);
        _variables.Forget(mark);
    }

    private void RunRange(Node.Range range, object? dot)
    {
        bool any = false;
        foreach ((object? key, object? element) in Values.Pairs(Of(range.Value, dot)))
        {
            any = true;
            int mark = _variables.Mark;
            if (range.To is { } binding)
            {
                Bind(binding, binding.Names[^1], element);
            }

            if (range.To is { Names: [var first, _] } both)
            {
                Bind(both, first, key);
            }

            Run(range.Body, element);
            _variables.Forget(mark);
        }

        if (!any)
        {
            Run(range.Else, dot);
        }
    }

    private void Bind(Binding binding, string name, object? value)
    {
        if (binding.Declares)
        {
            _variables.Declare(name, value);
        }
        else
        {
            _variables[name] = value;
        }
    }

    private object? Of(Operand operand, object? dot) => operand switch
    {
        Operand.Dot => dot,
        Operand.Variable variable => _variables[variable.Name],
        Operand.Constant constant => constant.Value,
        Operand.Member member => Member(member, dot),
        Operand.Call call => OfCall(call, dot, []),
        Operand.Pipe pipe => OfPipe(pipe, dot),
        _ => throw new InvalidOperationException(),
    };

    private object? OfPipe(Operand.Pipe pipe, object? dot)
    {
        object? value = Of(pipe.Stages[0], dot);
        foreach (Operand stage in pipe.Stages.Skip(1))
        {
            value = stage is Operand.Call call
                ? OfCall(call, dot, [value])
                : throw TemplateParser.Wrong("only a function can stand after |");
        }

        return value;
    }

    /// <summary>As Go's, <c>and</c> and <c>or</c> look no further than they must.</summary>
    private object? OfCall(Operand.Call call, object? dot, object?[] piped)
    {
        if (call is { Function: "and" or "or", Arguments.Count: > 0 })
        {
            bool isDecisive = call.Function == "or";
            object? value = null;
            foreach (Operand argument in call.Arguments)
            {
                value = Of(argument, dot);
                if (Values.IsTrue(value) == isDecisive)
                {
                    return value;
                }
            }

            return piped is [var last] ? last : value;
        }

        return Functions.Call(call.Function, [.. call.Arguments.Select(argument => Of(argument, dot)), .. piped]);
    }

    /// <summary>Names that begin with a capital are fields and must exist; others are keys of maps, which may be
    /// absent.</summary>
    private object? Member(Operand.Member member, object? dot)
    {
        object? value = Of(member.Of, dot);
        if (member.Arguments.Count == 0
            && value is JsonElement { ValueKind: JsonValueKind.Object } map
            && map.TryGetProperty(member.Name, out JsonElement found))
        {
            return found;
        }

        if (value is JsonElement { ValueKind: JsonValueKind.Object }
            && _extras(member.Name, [.. member.Arguments.Select(argument => Of(argument, dot))], out object? extra))
        {
            return extra;
        }

        bool mayBeAbsent = member.Arguments.Count == 0
            && (value is null or JsonElement { ValueKind: JsonValueKind.Null } || !char.IsUpper(member.Name[0]));
        return mayBeAbsent ? null : throw new UsageException($"template: can't evaluate field {member.Name}: there is none", 1);
    }
}
