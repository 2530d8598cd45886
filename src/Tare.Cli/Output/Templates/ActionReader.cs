// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Cli.Output.Templates;

/// <summary>Reads what stands between <c>{{</c> and <c>}}</c>.</summary>
internal sealed class ActionReader(string text)
{
    private const int MaxDepth = 32;

    private int _at;
    private int _depth;

    /// <summary>The word at the beginning, without taking it; empty when something else stands there.</summary>
    public string PeekWord()
    {
        SkipSpace();
        int end = _at;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return text[_at..end];
    }

    public string TakeWord()
    {
        string word = PeekWord();
        _at += word.Length;
        return word;
    }

    public void ExpectEnd()
    {
        SkipSpace();
        if (_at < text.Length)
        {
            throw TemplateParser.Wrong($"unexpected \"{text[_at..]}\"");
        }
    }

    /// <summary><c>stage | stage | …</c>.</summary>
    public Operand.Pipe ReadPipe()
    {
        if (++_depth > MaxDepth)
        {
            throw TemplateParser.Wrong("nested too deeply");
        }

        List<Operand> stages = [ReadStage()];
        while (Taste('|'))
        {
            stages.Add(ReadStage());
        }

        _depth--;
        return new(stages);
    }

    private Operand ReadStage()
    {
        string word = PeekWord();
        if (word.Length == 0 || char.IsDigit(word[0]) || word is "true" or "false")
        {
            return ReadOperand();
        }

        if (!Functions.Known.Contains(word))
        {
            throw TemplateParser.Wrong($"function \"{word}\" not defined");
        }

        TakeWord();
        List<Operand> arguments = [];
        while (AtOperand())
        {
            arguments.Add(ReadOperand());
        }

        return new Operand.Call(word, arguments);
    }

    private bool AtOperand()
    {
        SkipSpace();
        return _at < text.Length && text[_at] is not ('|' or ')');
    }

    private Operand ReadOperand()
    {
        SkipSpace();
        switch (_at < text.Length ? text[_at] : '\0')
        {
            case '.' or '$':
                return ReadField();
            case '"' or '`':
                return ReadText();
            case '(':
                _at++;
                Operand.Pipe inner = ReadPipe();
                return Taste(')') ? inner : throw TemplateParser.Wrong("unclosed left paren");
            default:
                return ReadConstant();
        }
    }

    private Operand.Field ReadField()
    {
        bool fromDocument = text[_at] == '$';
        _at += fromDocument ? 1 : 0;
        List<string> names = [];
        while (_at < text.Length && text[_at] == '.')
        {
            _at++;
            int start = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
            {
                _at++;
            }

            if (_at > start)
            {
                names.Add(text[start.._at]);
            }
        }

        return new(fromDocument, names);
    }

    private Operand.Constant ReadConstant()
    {
        string word = TakeWord();
        return word switch
        {
            "true" => new(true),
            "false" => new(false),
            _ when long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => new(number),
            "" => throw TemplateParser.Wrong(_at < text.Length ? $"unexpected \"{text[_at]}\"" : "missing value for command"),
            _ => throw TemplateParser.Wrong($"unexpected \"{word}\""),
        };
    }

    private Operand.Constant ReadText()
    {
        char quote = text[_at++];
        var value = new StringBuilder();
        while (_at < text.Length && text[_at] != quote)
        {
            char c = text[_at++];
            value.Append(c == '\\' && quote == '"' && _at < text.Length ? Unescape(text[_at++]) : c);
        }

        return _at++ < text.Length ? new(value.ToString()) : throw TemplateParser.Wrong("unterminated quoted string");
    }

    private static char Unescape(char c) => c switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '"' or '\\' => c,
        _ => throw TemplateParser.Wrong($"unknown escape \\{c}"),
    };

    private bool Taste(char wanted)
    {
        SkipSpace();
        bool there = _at < text.Length && text[_at] == wanted;
        _at += there ? 1 : 0;
        return there;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }
}
