// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Cli.Output.Templates;

/// <summary>A <c>--format</c> template: the part of Go's text/template that people write on a command line.</summary>
/// <remarks>
/// Fields and chains of them, variables, the functions of <see cref="Functions"/>, pipes, parentheses, comments,
/// <c>if else range with end</c>, <c>{{-</c> and <c>-}}</c>. Anything else is refused by name: <c>define</c>,
/// <c>template</c>, <c>block</c>, <c>break</c>, <c>continue</c>.
/// </remarks>
internal sealed class Template
{
    private readonly IReadOnlyList<Node> _nodes;
    private readonly HashSet<string> _mentioned;

    private Template(IReadOnlyList<Node> nodes, HashSet<string> mentioned) => (_nodes, _mentioned) = (nodes, mentioned);

    /// <exception cref="Arguments.UsageException">not a template that we understand</exception>
    public static Template Parse(string text)
    {
        var parser = new TemplateParser(text);
        return new(parser.Parse(), parser.Mentioned);
    }

    /// <summary>True when the field's value may be needed: it is named, or a whole object is asked for.</summary>
    public bool Mentions(string field) => _mentioned.Contains(field) || _mentioned.Contains("");

    /// <exception cref="Arguments.UsageException">a field that the document has not, or a wrong argument of a
    /// function</exception>
    public string Render(JsonElement document, Extras? extras = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Render(document, output, extras);
        return output.ToString();
    }

    /// <inheritdoc cref="Render(JsonElement, Extras)"/>
    public void Render(JsonElement document, TextWriter output, Extras? extras = null) =>
        new Evaluation(document, output, extras).Run(_nodes, document);
}
