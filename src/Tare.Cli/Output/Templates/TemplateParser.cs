// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;

namespace Tare.Cli.Output.Templates;

/// <summary>Template text → nodes.</summary>
internal sealed class TemplateParser
{
    private const int MaxDepth = 32;

    private readonly ActionCutter _cutter;
    private readonly Variables<bool> _variables = new();
    private int _depth;

    public TemplateParser(string text)
    {
        _cutter = new(text);
        _variables.Declare("", true);
    }

    /// <summary>The names of fields that occur; "" when an object is asked for as a whole.</summary>
    public HashSet<string> Mentioned { get; } = new(StringComparer.Ordinal);

    /// <exception cref="UsageException">not a template that we understand</exception>
    public IReadOnlyList<Node> Parse()
    {
        (IReadOnlyList<Node> nodes, string? end, _) = ParseBlock();
        return end is null ? nodes : throw Wrong($"unexpected {{{{{end}}}}}");
    }

    internal static UsageException Wrong(string what) => new($"template parsing error: {what}", 1);

    /// <summary>Nodes up to the end of the text, an <c>end</c> or an <c>else</c>; the last action after that
    /// word.</summary>
    private (IReadOnlyList<Node> Nodes, string? End, ActionReader? Last) ParseBlock()
    {
        Descend();
        int mark = _variables.Mark;
        List<Node> nodes = [];
        string? end = null;
        ActionReader? action = null;
        while (end is null && _cutter.MoveNext())
        {
            if (_cutter.Plain.Length > 0)
            {
                nodes.Add(new Node.Plain(_cutter.Plain));
            }

            if (_cutter.Action is { } text)
            {
                action = new ActionReader(text, _variables, Mentioned);
                end = action.PeekWord() is "end" or "else" ? action.TakeWord() : null;
                if (end is null)
                {
                    nodes.Add(ParseAction(action));
                }
            }
        }

        _variables.Forget(mark);
        _depth--;
        return (nodes, end, action);
    }

    private Node ParseAction(ActionReader action)
    {
        if (action.PeekWord() is "if" or "with" or "range")
        {
            return ParseBranch(action);
        }

        Binding? binding = action.ReadBinding(most: 1);
        Operand.Pipe value = action.ReadPipe();
        action.ExpectEnd();
        action.Declare(binding);
        return binding is null ? new Node.Print(value) : new Node.Assign(binding, value);
    }

    private Node ParseBranch(ActionReader action)
    {
        string keyword = action.TakeWord();
        int mark = _variables.Mark;
        Binding? binding = action.ReadBinding(keyword == "range" ? 2 : 1);
        Operand.Pipe value = action.ReadPipe();
        action.ExpectEnd();
        action.Declare(binding);
        (IReadOnlyList<Node> body, string? end, ActionReader? rest) = ParseBlock();
        IReadOnlyList<Node> otherwise = [];
        if (end == "else" && rest!.PeekWord() is "if" or "with" && keyword != "range")
        {
            // the inner branch takes the end of this one as its own
            Descend();
            otherwise = [ParseBranch(rest)];
            _depth--;
        }
        else
        {
            if (end == "else")
            {
                rest!.ExpectEnd();
                (otherwise, end, rest) = ParseBlock();
            }

            if (end != "end")
            {
                throw Wrong($"{{{{{keyword}}}}} without {{{{end}}}}");
            }

            rest!.ExpectEnd();
        }

        _variables.Forget(mark);
        return keyword == "range"
            ? new Node.Range(binding, value, body, otherwise)
            : new Node.If(binding, value, MovesDot: keyword == "with", body, otherwise);
    }

    private void Descend()
    {
        if (++_depth > MaxDepth)
        {
            throw Wrong("nested too deeply");
        }
    }
}
