// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Build.Words;

/// <summary>Splits text into words as a shell does and replaces <c>$name</c>, <c>${name}</c> and the forms with a
/// modifier.</summary>
/// <remarks>Facts from BuildKit's frontend/dockerfile/shell: inside single quotes nothing is special; inside double
/// quotes <c>$</c> and the escape before <c>" $</c> and itself; splitting happens behind the replacement; a name
/// without a value is the empty text. Malformed text is a <see cref="FormatException"/>, whose message the caller puts
/// at its place.</remarks>
internal sealed partial class WordExpander
{
    /// <summary>Characters that one word may become; what a system call takes is far less.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Depth of <c>${a:-${b:-…}}</c>.</summary>
    private const int MaxDepth = 100;

    private readonly string _text;
    private readonly Variables _variables;
    private readonly ExpansionStyle _style;
    private readonly HashSet<string> _matched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unmatched = new(StringComparer.Ordinal);
    private bool _keepsEscapes;
    private int _at;
    private int _depth;
    private int _length;

    private WordExpander(string text, Variables variables, ExpansionStyle style)
    {
        _text = text;
        _variables = variables;
        _style = style;
        _keepsEscapes = style.KeepsEscapes;
    }

    private bool IsAtEnd => _at >= _text.Length;

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>Processes the text.</summary>
    /// <exception cref="FormatException">a quote or brace is not closed, a modifier is unknown, or one with '?'
    /// refuses</exception>
    /// <exception cref="TareException">ResourceExhausted when it becomes too long or nests too deep</exception>
    public static Expansion Expand(string text, Variables variables, ExpansionStyle style)
    {
        WordExpander expander = new(text, variables, style);
        (string result, IReadOnlyList<string> words) = expander.Until(null, style.KeepsEscapes);
        return new Expansion(result, words, expander._matched, expander._unmatched);
    }

    private (string Text, IReadOnlyList<string> Words) Until(char? stop, bool keepsEscapes)
    {
        StringBuilder result = new();
        WordList words = new();
        bool kept = _keepsEscapes;
        _keepsEscapes = keepsEscapes;
        Deepen();
        while (!IsAtEnd)
        {
            if (Next == stop)
            {
                _at++;
                _keepsEscapes = kept;
                _depth--;
                return (result.ToString(), words.Take());
            }

            Step(result, words);
        }

        return stop is null
            ? (result.ToString(), words.Take())
            : throw new FormatException($"unexpected end of statement while looking for matching {stop}");
    }

    private void Step(StringBuilder result, WordList words)
    {
        switch (Next)
        {
            case '$':
                string value = Dollar();
                result.Append(value);
                words.Add(value);
                break;
            case '\'' when !_style.IgnoresQuotes:
                AddRaw(SingleQuoted(), result, words);
                break;
            case '"' when !_style.IgnoresQuotes:
                AddRaw(DoubleQuoted(), result, words);
                break;
            case '<' when _style.JoinsHeredocs:
                AddRaw(HeredocMark(), result, words);
                break;
            default:
                Ordinary(result, words);
                break;
        }
    }

    private static void AddRaw(string text, StringBuilder result, WordList words)
    {
        result.Append(text);
        words.AddRaw(text);
    }

    private void Ordinary(StringBuilder result, WordList words)
    {
        char c = _text[_at++];
        if (c != _style.Escape)
        {
            result.Append(c);
            words.Add(c);
            return;
        }

        if (_keepsEscapes)
        {
            result.Append(c);
            words.AddRaw(c);
        }

        if (!IsAtEnd)
        {
            result.Append(Next);
            words.AddRaw(_text[_at++]);
        }
    }

    private string SingleQuoted()
    {
        int end = _text.IndexOf('\'', _at + 1);
        if (end < 0)
        {
            throw new FormatException("unexpected end of statement while looking for matching single-quote");
        }

        string quoted = _style.KeepsQuotes ? _text[_at..(end + 1)] : _text[(_at + 1)..end];
        _at = end + 1;
        return quoted;
    }

    private string DoubleQuoted()
    {
        StringBuilder result = new();
        _at++;
        result.Append(_style.KeepsQuotes ? "\"" : "");
        while (!IsAtEnd)
        {
            char c = Next;
            if (c == '"')
            {
                _at++;
                return result.Append(_style.KeepsQuotes ? "\"" : "").ToString();
            }

            if (c == '$')
            {
                result.Append(Dollar());
                continue;
            }

            _at++;
            if (c == _style.Escape)
            {
                result.Append(_keepsEscapes ? c.ToString() : "");
                if (IsAtEnd)
                {
                    break;
                }

                if (Next == '"' || Next == '$' || Next == _style.Escape)
                {
                    c = _text[_at++];
                }
            }

            result.Append(c);
        }

        throw new FormatException("unexpected end of statement while looking for matching double-quote");
    }

    /// <summary>White space between <c>&lt;&lt;</c> and the name would split the word in two.</summary>
    private string HeredocMark()
    {
        _at++;
        if (Next != '<')
        {
            return "<";
        }

        int start = _at - 1;
        _at++;
        while (Next is ' ' or '\t')
        {
            _at++;
        }

        return _text[start.._at];
    }

    private void Deepen()
    {
        if (++_depth > MaxDepth)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"substitutions nest deeper than {MaxDepth}");
        }
    }

    private string Bounded(string value)
    {
        _length += value.Length;
        return _length <= MaxLength ? value : throw new TareException(
            ErrorKind.ResourceExhausted, $"substitution makes a word longer than {MaxLength} characters");
    }
}
