// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output.Templates;

/// <summary>Something in a template that has a value.</summary>
internal abstract record Operand
{
    /// <summary><c>.</c></summary>
    internal sealed record Dot : Operand;

    /// <summary><c>$name</c>; <c>$</c> alone, whose name is empty, is the document.</summary>
    internal sealed record Variable(string Name) : Operand;

    /// <summary><c>.Name</c> of a value, with arguments when it is a method such as <c>.Label "x"</c>.</summary>
    internal sealed record Member(Operand Of, string Name, IReadOnlyList<Operand> Arguments) : Operand;

    /// <summary>A quoted string, a number or a truth value.</summary>
    internal sealed record Constant(object Value) : Operand;

    /// <summary>A function and its arguments.</summary>
    internal sealed record Call(string Function, IReadOnlyList<Operand> Arguments) : Operand;

    /// <summary>Stages joined by <c>|</c>: each value becomes the last argument of the next stage.</summary>
    internal sealed record Pipe(IReadOnlyList<Operand> Stages) : Operand;
}
