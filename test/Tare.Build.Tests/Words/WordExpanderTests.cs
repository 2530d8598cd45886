// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Words;
using Tare.Oci;

namespace Tare.Build.Tests.Words;

/// <summary>The expectations are those of BuildKit's own tests (frontend/dockerfile/shell), written down as facts.</summary>
public sealed class WordExpanderTests
{
    private static readonly Variables Known = Variables.None
        .With("PWD", "/home").With("SHELL", "bash").With("KOREAN", "한국어").With("NULL", "");

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("he'll'o", "hello")]
    [InlineData("he\\'llo", "he'llo")]
    [InlineData("he\\\\'llo'", "he\\llo")]
    [InlineData("abc\\tdef", "abctdef")]
    [InlineData("\"abc\\tdef\"", "abc\\tdef")]
    [InlineData("\"abc\\\\tdef\"", "abc\\tdef")]
    [InlineData("'abc\\tdef'", "abc\\tdef")]
    [InlineData("hello\\", "hello")]
    [InlineData("hello\\\\", "hello\\")]
    [InlineData("\"\"", "")]
    [InlineData("\"$\"", "$")]
    [InlineData("$", "$")]
    [InlineData("he$PWD.", "he/home.")]
    [InlineData("he$PWD", "he/home")]
    [InlineData("he\\$PWD", "he$PWD")]
    [InlineData("he\\\\$PWD", "he\\/home")]
    [InlineData("\"he\\$PWD\"", "he$PWD")]
    [InlineData("'he$PWD'", "he$PWD")]
    [InlineData("\"he$PWD\"", "he/home")]
    [InlineData("\"he\\\"llo\"", "he\"llo")]
    [InlineData("\"he'$PWD'\"", "he'/home'")]
    [InlineData("he${PWD}", "he/home")]
    [InlineData("he${PWD}xx", "he/homexx")]
    [InlineData("he${hi}", "he")]
    [InlineData("he${hi}xx", "hexx")]
    [InlineData("he${PWD}${hi}xx", "he/homexx")]
    [InlineData("he${hi:-there}", "hethere")]
    [InlineData("he${hi:-\"there\"}", "hethere")]
    [InlineData("he${hi:-\\$PWD}", "he$PWD")]
    [InlineData("he${PWD:-there}", "he/home")]
    [InlineData("he${PWD:+${SHELL}}xx", "hebashxx")]
    [InlineData("he${PWD:+}", "he")]
    [InlineData("he${NULL:-a}${NULL-b}", "hea")]
    [InlineData("he${NULL:+a}${NULL+b}", "heb")]
    [InlineData("he${XX:-${YY:-${PWD}}}", "he/home")]
    [InlineData("$1abc", "abc")]
    [InlineData("$12abc", "abc")]
    [InlineData("$*$@$#$?$-$!$0x", "x")]
    [InlineData("안녕하세요", "안녕하세요")]
    [InlineData("안녕${KOREAN}하", "안녕한국어하")]
    [InlineData("'안녕$KOREAN'", "안녕$KOREAN")]
    [InlineData("${PWD#/}", "home")]
    [InlineData("${PWD%m?}", "/ho")]
    public void A_word_becomes(string word, string expected) =>
        Assert.Equal(expected, Expand(word, Known).Text);

    [Theory]
    [InlineData("'hello")]
    [InlineData("\"hello")]
    [InlineData("\"hello\\\"")]
    [InlineData("he${hi")]
    [InlineData("he${hi:-abc")]
    [InlineData("he${}")]
    [InlineData("he${{PWD}}")]
    [InlineData("he${:PWD}")]
    [InlineData("he${hi=x}")]
    [InlineData("he${hi:=x}")]
    [InlineData("he${hi^}")]
    [InlineData("${PWD//x}")]
    [InlineData("${PWD//}")]
    [InlineData("${PWD#\\x}")]
    public void A_malformed_word_is_refused(string word) =>
        Assert.Throws<FormatException>(() => Expand(word, Known));

    [Theory]
    [InlineData("${FOO#()[]{\\}^$.\\*\\?|\\\\}", "FOO", "()[]{}^$.*?|\\x", "x")]
    [InlineData("${FOO%%\\**}", "FOO", "xx**", "xx")]
    [InlineData("${FOO#*x*y}", "FOO", "xxyy", "y")]
    [InlineData("${FOO#*}", "FOO", "xxyy", "xxyy")]
    [InlineData("${FOO##*}", "FOO", "xxyy", "")]
    [InlineData("${FOO#}", "FOO", "xxyy", "xxyy")]
    [InlineData("${FOO##*x}", "FOO", "xxyy", "yy")]
    [InlineData("${FOO##}", "FOO", "xxyy", "xxyy")]
    [InlineData("${FOO#?\\?}", "FOO", "???y", "?y")]
    [InlineData("${FOO%%\\**\\*}", "FOO", "a***yy*", "a")]
    [InlineData("${FOO%}", "FOO", "xxyy", "xxyy")]
    [InlineData("${FOO//\\//\\/}", "FOO", "/tmp/foo.txt", "\\/tmp\\/foo.txt")]
    [InlineData("${FOO///}", "FOO", "xxyy", "xxyy")]
    [InlineData("${FOO/o*o/X}", "FOO", "foo boo zoo", "fX")]
    [InlineData("${FOO/x/y}", "FOO", "aaa", "aaa")]
    [InlineData("${FOO//a/$$b}", "FOO", "aca", "bcb")]
    [InlineData("${FOO%.*}", "FOO", "v1.2.3", "v1.2")]
    [InlineData("${FOO%%.*}", "FOO", "v1.2.3", "v1")]
    [InlineData("${FOO#v}", "FOO", "v1.2.3", "1.2.3")]
    public void A_pattern_trims_or_replaces(string word, string name, string value, string expected) =>
        Assert.Equal(expected, Expand(word, Variables.None.With(name, value)).Text);

    [Theory]
    [InlineData("/foo*/*/*.txt", "\\*/", ".", "/foo.*/*.txt - /foo..*.txt")]
    [InlineData("/tmp/tmp/bar.txt", "/tmp", "", "/tmp/bar.txt - /bar.txt")]
    [InlineData("/a/foo/b/c.txt", "/?/", "/", "/foo/b/c.txt - /foo/c.txt")]
    [InlineData("http://a.de", "http://", "https://", "https://a.de - https://a.de")]
    [InlineData("xxyy", "", "w", "wxxyy - wxwxwywyw")]
    public void Patterns_and_replacements_may_be_variables(string value, string needle, string replacement, string expected)
    {
        Variables variables = Variables.None.With("FOO", value).With("N", needle).With("R", replacement);

        Assert.Equal(expected, Expand("${FOO/$N/$R} - ${FOO//$N/$R}", variables).Text);
    }

    [Theory]
    [InlineData("${VAR:?message here$ARG}", "plain", "plain")]
    [InlineData("${VAR:?message here$ARG}", "", null)]
    [InlineData("${VAR:?message here$ARG}", null, null)]
    [InlineData("${VAR?message here$ARG}", "", "")]
    [InlineData("${VAR?message here$ARG}", null, null)]
    public void A_question_mark_refuses_with_its_message(string word, string? value, string? expected)
    {
        Variables variables = Variables.None.With("ARG", "x");
        variables = value is null ? variables : variables.With("VAR", value);

        if (expected is null)
        {
            Assert.Contains("VAR: message herex", Assert.Throws<FormatException>(() => Expand(word, variables)).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(expected, Expand(word, variables).Text);
        }
    }

    [Fact]
    public void What_was_found_and_what_was_not_is_told()
    {
        Expansion expansion = Expand("${FOO:-aaa} ${BAR:-bbb} ${BAZ:-ccc}", Variables.None.With("FOO", "xxx").With("BAR", ""));

        Assert.Equal("xxx bbb ccc", expansion.Text);
        Assert.Equal(["BAR", "FOO"], expansion.Matched.Order(StringComparer.Ordinal));
        Assert.Equal(["BAZ"], expansion.Unmatched);
    }

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("hello world", "hello,world")]
    [InlineData("hello\\ world", "hello world")]
    [InlineData("'hello world'", "hello world")]
    [InlineData("hello  \t world", "hello,world")]
    [InlineData("a$EMPTY b", "a,b")]
    [InlineData("$LIST", "x,y,z")]
    [InlineData("\"$LIST\"", "x y  z")]
    [InlineData("a${LIST}b", "ax,y,zb")]
    [InlineData("a'$LIST'b", "a$LISTb")]
    [InlineData("${MISSING:-a b}", "a,b")]
    public void Words_are_split_behind_the_replacement(string text, string expected)
    {
        Variables variables = Variables.None.With("LIST", "x y  z").With("EMPTY", "");

        Assert.Equal(expected.Split(','), Expand(text, variables).Words);
    }

    [Fact]
    public void The_backtick_escapes_when_a_directive_says_so() => Assert.Equal(
        "C:\\$PWD", WordExpander.Expand("C:\\`$PWD", Known, new ExpansionStyle('`')).Text);

    [Fact]
    public void In_the_text_of_a_heredoc_quotes_mean_nothing() => Assert.Equal(
        "it's \"/home\"", WordExpander.Expand("it's \"$PWD\"", Known, new ExpansionStyle('\\') { IgnoresQuotes = true }).Text);

    [Fact]
    public void Unset_variables_and_quotes_can_stay() => Assert.Equal(
        "\"/home\" $X ${Y} ${Z:-1}",
        WordExpander.Expand("\"$PWD\" $X ${Y} ${Z:-1}", Known, new ExpansionStyle('\\') { KeepsQuotes = true, KeepsUnset = true }).Text);

    [Fact]
    public void Doubling_ends_at_a_bound()
    {
        Variables variables = Variables.None.With("A", new string('x', WordExpander.MaxLength / 2));

        TareException error = Assert.Throws<TareException>(() => Expand("$A$A$A", variables));

        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
    }

    [Fact]
    public void Nesting_ends_at_a_bound() => Assert.Equal(
        ErrorKind.ResourceExhausted,
        Assert.Throws<TareException>(() => Expand(string.Concat(Enumerable.Repeat("${A:-", 1000)), Variables.None)).Kind);

    [Fact]
    public void A_pattern_of_many_stars_is_matched_in_little_time()
    {
        Variables variables = Variables.None.With("A", new string('a', 5000));

        Assert.Equal(5000, Expand("${A##*a*a*a*a*a*a*a*a*a*a*a*a*b}", variables).Text.Length);
    }

    private static Expansion Expand(string word, Variables variables) =>
        WordExpander.Expand(word, variables, new ExpansionStyle('\\'));
}
