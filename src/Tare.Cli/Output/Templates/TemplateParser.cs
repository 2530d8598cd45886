// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;

namespace Tare.Cli.Output.Templates;

/// <summary>Template text → nodes.</summary>
internal sealed class TemplateParser(string text)
{
    private const int MaxDepth = 32;

    private int _at;
    private int _depth;

    /// <exception cref="UsageException">not a template that we understand</exception>
    public IReadOnlyList<Node> Parse()
    {
        (IReadOnlyList<Node> nodes, string? end) = ParseBlock();
        return end is null ? nodes : throw Wrong($"unexpected {{{{{end}}}}}");
    }

    /// <summary>Nodes up to the end of the text, an <c>end</c> or an <c>else</c>.</summary>
    private (IReadOnlyList<Node> Nodes, string? End) ParseBlock()
    {
        if (++_depth > MaxDepth)
        {
            throw Wrong("nested too deeply");
        }

        List<Node> nodes = [];
        while (true)
        {
            int open = text.IndexOf("{{", _at, StringComparison.Ordinal);
            AddPlain(nodes, open < 0 ? text.Length : open);
            if (open < 0)
            {
                _depth--;
                return (nodes, null);
            }

            var action = new ActionReader(CutAction(open));
            switch (action.PeekWord())
            {
                case "end" or "else":
                    _depth--;
                    return (nodes, action.TakeWord());
                case "if" or "with" or "range":
                    nodes.Add(ParseBranch(action));
                    break;
                default:
                    nodes.Add(new Node.Print(action.ReadPipe()));
                    break;
            }

            action.ExpectEnd();
        }
    }

    private Node ParseBranch(ActionReader action)
    {
        string keyword = action.TakeWord();
        Operand.Pipe value = action.ReadPipe();
        (IReadOnlyList<Node> body, string? end) = ParseBlock();
        IReadOnlyList<Node> otherwise = [];
        if (end == "else")
        {
            (otherwise, end) = ParseBlock();
        }

        if (end != "end")
        {
            throw Wrong($"{{{{{keyword}}}}} without {{{{end}}}}");
        }

        return keyword == "range"
            ? new Node.Range(value, body, otherwise)
            : new Node.If(value, MovesDot: keyword == "with", body, otherwise);
    }

    /// <summary>The text up to the next action; <c>{{-</c> takes the white space before it away.</summary>
    private void AddPlain(List<Node> nodes, int end)
    {
        string plain = text[_at..end];
        if (end + 3 < text.Length && text[end + 2] == '-' && char.IsWhiteSpace(text[end + 3]))
        {
            plain = plain.TrimEnd();
        }

        if (plain.Length > 0)
        {
            nodes.Add(new Node.Plain(plain));
        }
    }

    /// <summary>The inside of the action that begins at <paramref name="open"/>; moves behind it.</summary>
    private string CutAction(int open)
    {
        int close = text.IndexOf("}}", open, StringComparison.Ordinal);
        if (close < 0)
        {
            throw Wrong("unclosed action");
        }

        string inside = text[(open + 2)..close];
        _at = close + 2;
        if (inside.Length > 1 && inside[0] == '-' && char.IsWhiteSpace(inside[1]))
        {
            inside = inside[1..];
        }

        if (inside.Length > 1 && inside[^1] == '-' && char.IsWhiteSpace(inside[^2]))
        {
            inside = inside[..^1];
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }

        return inside;
    }

    internal static UsageException Wrong(string what) => new($"template parsing error: {what}", 1);
}
