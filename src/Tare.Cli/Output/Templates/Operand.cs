// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output.Templates;

/// <summary>Something in a template that has a value.</summary>
internal abstract record Operand
{
    /// <summary><c>.A.B</c> from the dot, or <c>$.A.B</c> from the document; no names is the dot itself.</summary>
    internal sealed record Field(bool FromDocument, IReadOnlyList<string> Names) : Operand;

    /// <summary>A quoted string, a number or a truth value.</summary>
    internal sealed record Constant(object Value) : Operand;

    /// <summary>A function and its arguments.</summary>
    internal sealed record Call(string Function, IReadOnlyList<Operand> Arguments) : Operand;

    /// <summary>Stages joined by <c>|</c>: each value becomes the last argument of the next stage.</summary>
    internal sealed record Pipe(IReadOnlyList<Operand> Stages) : Operand;
}
