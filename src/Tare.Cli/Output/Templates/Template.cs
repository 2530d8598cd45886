// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Cli.Output.Templates;

/// <summary>A <c>--format</c> template: the part of Go's text/template that people write on a command line.</summary>
/// <remarks>
/// Fields and chains of them, <c>json len index join split upper lower title truncate print printf println eq ne not
/// and or</c>,
/// pipes, parentheses, <c>if else range with end</c>, <c>{{-</c> and <c>-}}</c>. Anything else is refused by name. No
/// variables.
/// </remarks>
internal sealed class Template
{
    private readonly IReadOnlyList<Node> _nodes;

    private Template(IReadOnlyList<Node> nodes) => _nodes = nodes;

    /// <exception cref="Arguments.UsageException">not a template that we understand</exception>
    public static Template Parse(string text) => new(new TemplateParser(text).Parse());

    /// <exception cref="Arguments.UsageException">a field that the document has not, or a wrong argument of a
    /// function</exception>
    public string Render(JsonElement document)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Render(document, output);
        return output.ToString();
    }

    /// <inheritdoc cref="Render(JsonElement)"/>
    public void Render(JsonElement document, TextWriter output)
    {
        var evaluation = new Evaluation(document, output);
        evaluation.Run(_nodes, document);
    }
}
