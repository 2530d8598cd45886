// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output.Templates;

/// <summary>One piece of a template.</summary>
internal abstract record Node
{
    /// <summary>Text that is printed as it stands.</summary>
    internal sealed record Plain(string Text) : Node;

    /// <summary><c>{{.Field | upper}}</c>.</summary>
    internal sealed record Print(Operand.Pipe Value) : Node;

    /// <summary><c>{{$name := .Field}}</c>, or <c>=</c> for one that is there already.</summary>
    internal sealed record Assign(Binding To, Operand.Pipe Value) : Node;

    /// <summary><c>{{if}}</c>, and <c>{{with}}</c>, which moves the dot to the value.</summary>
    internal sealed record If(
        Binding? To, Operand.Pipe Value, bool MovesDot, IReadOnlyList<Node> Then, IReadOnlyList<Node> Else) : Node;

    /// <summary><c>{{range}}</c>: the body once per element, or the else branch.</summary>
    internal sealed record Range(Binding? To, Operand.Pipe Value, IReadOnlyList<Node> Body, IReadOnlyList<Node> Else)
        : Node;
}
