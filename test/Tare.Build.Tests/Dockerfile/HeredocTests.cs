// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Dockerfile;

namespace Tare.Build.Tests.Dockerfile;

/// <summary>The expectations are those of BuildKit's own tests (parser_heredoc_test), written down as facts.</summary>
public sealed class HeredocTests
{
    [Theory]
    [InlineData("<<EOF", "EOF", true, false)]
    [InlineData("<<'EOF'", "EOF", false, false)]
    [InlineData("<<\"EOF\"", "EOF", false, false)]
    [InlineData("<<-EOF", "EOF", true, true)]
    [InlineData("<<-'EOF'", "EOF", false, true)]
    [InlineData("<<EO\"F\"", "EOF", false, false)]
    [InlineData("<< EOF", "EOF", true, false)]
    [InlineData("<<- EOF", "EOF", true, true)]
    [InlineData("<<eo\\'f", "eo'f", true, false)]
    [InlineData("<<'e'o\\'f", "eo'f", false, false)]
    [InlineData("<<'one two'", "one two", false, false)]
    [InlineData("<<$EOF", "$EOF", true, false)]
    public void A_word_announces_a_document(string word, string name, bool expands, bool chomps)
    {
        Heredoc heredoc = HeredocWord.Parse(word)!;

        Assert.Equal((name, expands, chomps), (heredoc.Name, heredoc.Expands, heredoc.Chomps));
    }

    [Theory]
    [InlineData("")]
    [InlineData("EOF")]
    [InlineData("<<")]
    [InlineData("<<-")]
    [InlineData("<EOF")]
    [InlineData("<<<EOF")]
    [InlineData("<<EOF sh")]
    public void Other_words_do_not(string word) => Assert.Null(HeredocWord.Parse(word));

    [Theory]
    [InlineData("<<'EOF")]
    [InlineData("<<\"EOF")]
    [InlineData("<<EOF'")]
    [InlineData("<<EOF\"")]
    public void A_lone_quote_is_an_error(string word) => Assert.Throws<FormatException>(() => HeredocWord.Parse(word));

    [Theory]
    [InlineData("RUN <<EOF", "EOF")]
    [InlineData("RUN << -EOF", "-EOF")]
    [InlineData("RUN 4<<EOF", "EOF")]
    [InlineData("RUN <<EOF <<EOF2", "EOF,EOF2")]
    [InlineData("RUN <<  EOF  > foo", "EOF")]
    [InlineData("RUN '<<EOF'", "")]
    [InlineData("RUN \"<<EOF\"", "")]
    [InlineData("RUN x=1 cat<<EOF", "")]
    public void A_line_announces_documents(string line, string names) =>
        Assert.Equal(names, string.Join(',', HeredocWord.AllIn(line).Select(static one => one.Name)));

    [Fact]
    public void Only_some_instructions_have_documents()
    {
        DockerfileDocument document = Parse(
            "FROM base\nUSER <<INVALID\nRUN \"<<NOHEREDOC\"\nRUN [\"<<EOF\"]\nCMD <<EOF\nCOPY <<X <<Y /dest\nY\nX\nX\nY\n");

        CopyInstruction copy = Assert.IsType<CopyInstruction>(document.Stages[0].Instructions[^1]);
        Assert.Equal(["Y\n", "X\n"], copy.Documents.Select(static one => one.Content));
        Assert.Equal(5, document.Stages[0].Instructions.Count);
    }

    [Fact]
    public void Tabs_at_the_beginning_of_lines_go_and_line_ends_stay()
    {
        DockerfileDocument document = Parse("FROM base\nRUN <<-EOF\r\n\t\tone\r\n\ttwo\tthree\n\tEOF\r\nUSER x\n");

        RunInstruction run = Assert.IsType<RunInstruction>(document.Stages[0].Instructions[0]);
        Assert.Equal("one\r\ntwo\tthree\n", run.Heredocs[0].Body);
        Assert.IsType<UserInstruction>(document.Stages[0].Instructions[1]);
    }

    [Fact]
    public void A_trigger_keeps_its_document() => Assert.Equal(
        "RUN <<EOF\necho 1\nEOF",
        Assert.IsType<OnbuildInstruction>(Parse("FROM base\nONBUILD RUN <<EOF\necho 1\nEOF\n").Stages[0].Instructions[0]).Expression);

    private static DockerfileDocument Parse(string text) => DockerfileParser.Parse("Dockerfile", Encoding.UTF8.GetBytes(text));
}
