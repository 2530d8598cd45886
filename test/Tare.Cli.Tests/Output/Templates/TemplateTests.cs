// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Cli.Output.Templates;

namespace Tare.Cli.Tests.Output.Templates;

public class TemplateTests
{
    private const string Document =
        """
        {"Id":"sha256:ab","Size":5,"Ok":true,"None":null,"List":["a","b"],"Empty":[],
         "Config":{"Env":["PATH=/bin"],"Labels":{"org.x":"1","b":"2"}}}
        """;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.Id}}", "sha256:ab")]
    [InlineData("{{ .Size }}-{{.Ok}}", "5-true")]
    [InlineData("{{.List}} {{.Config.Labels}}", "[a b] map[b:2 org.x:1]")]
    [InlineData("{{json .List}}", "[\"a\",\"b\"]")]
    [InlineData("{{json .Config}}", "{\"Env\":[\"PATH=/bin\"],\"Labels\":{\"org.x\":\"1\",\"b\":\"2\"}}")]
    [InlineData("{{.List | json}}", "[\"a\",\"b\"]")]
    [InlineData("{{index .List 1}}", "b")]
    [InlineData("{{index .Config.Labels \"org.x\"}}", "1")]
    [InlineData("{{index .Config.Labels \"absent\"}}", "")]
    [InlineData("{{(index .Config.Env 0) | lower}}", "path=/bin")]
    [InlineData("{{len .List}} {{len .Id}}", "2 9")]
    [InlineData("{{join .List \", \"}}", "a, b")]
    [InlineData("{{upper (index (split .Id \":\") 1)}}", "AB")]
    [InlineData("{{range .List}}<{{.}}>{{end}}", "<a><b>")]
    [InlineData("{{range .List}}{{$.Size}}{{.}} {{end}}", "5a 5b ")]
    [InlineData("{{range .Empty}}x{{else}}none{{end}}", "none")]
    [InlineData("{{range .Config.Env}}{{println .}}{{end}}", "PATH=/bin\n")]
    [InlineData("{{if .Ok}}yes{{else}}no{{end}}", "yes")]
    [InlineData("{{if .Empty}}yes{{else}}no{{end}}", "no")]
    [InlineData("{{if and .Ok .Empty}}yes{{else}}no{{end}}", "no")]
    [InlineData("{{if or .None .Ok}}yes{{end}}", "yes")]
    [InlineData("{{if eq .Size 5}}five{{end}}{{if ne .Id \"x\"}}!{{end}}", "five!")]
    [InlineData("{{with .Config}}{{.Env}}{{end}}", "[PATH=/bin]")]
    [InlineData("{{.None}}", "<nil>")]
    [InlineData("{{$x := 1}}{{$x}}", "1")]
    [InlineData("{{.Config.Labels.absent}}", "<no value>")]
    [InlineData("a {{- .Size -}} b", "a5b")]
    [InlineData("{{printf \"%s is %d%%\" .Id .Size}}", "sha256:ab is 5%")]
    [InlineData("{{truncate .Id 4}}", "sha2")]
    [InlineData("{{\"a\\tb\"}}{{`c`}}", "a\tbc")]
    [InlineData("{{if .Ok}}{{if .None}}1{{else}}2{{end}}{{end}}", "2")]
    public void What_people_write_on_command_lines_works(string template, string expected) =>
        Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{.Id", "unclosed action")]
    [InlineData("{{foo .Id}}", "function \"foo\" not defined")]
    [InlineData("{{if .Ok}}x", "{{if}} without {{end}}")]
    [InlineData("{{end}}", "unexpected {{end}}")]
    [InlineData("{{}}", "missing value for command")]
    [InlineData("{{\"x}}", "unterminated quoted string")]
    [InlineData("{{(.Id}}", "unclosed left paren")]
    [InlineData("{{index .List 7}}", "index out of range")]
    [InlineData("{{.Absent}}", "can't evaluate field Absent")]
    [InlineData("{{len}}", "wrong number or type of arguments for len")]
    public void Anything_else_is_refused_by_name(string template, string cause) =>
        Assert.Contains(cause, Assert.Throws<UsageException>(() => Render(template)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_has_a_bound() =>
        Assert.Throws<UsageException>(() => Render(string.Concat(Enumerable.Repeat("{{if .Ok}}", 1000))));

    private static string Render(string template)
    {
        using JsonDocument document = JsonDocument.Parse(Document);
        return Template.Parse(template).Render(document.RootElement);
    }
}
