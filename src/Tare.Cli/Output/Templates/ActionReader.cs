// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Cli.Output.Templates;

/// <summary>Reads what stands between <c>{{</c> and <c>}}</c>.</summary>
/// <param name="text">without the braces</param>
/// <param name="variables">that can be seen here; declarations add to them</param>
/// <param name="mentioned">collects the names of fields, and "" for an object as a whole</param>
internal sealed class ActionReader(string text, Variables<bool> variables, HashSet<string> mentioned)
{
    private const int MaxDepth = 32;

    private int _at;
    private int _depth;

    /// <summary>The word at the beginning, without taking it; empty when something else stands there.</summary>
    public string PeekWord()
    {
        SkipSpace();
        return text[_at..EndOfWord(_at)];
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

    /// <summary><c>$name :=</c>, <c>$name =</c>, <c>$key, $value :=</c>; null when there is none.</summary>
    /// <param name="most">how many variables may stand here</param>
    public Binding? ReadBinding(int most)
    {
        SkipSpace();
        int start = _at;
        List<string> names = [];
        while (Taste('$') && EndOfWord(_at) > _at)
        {
            names.Add(TakeName());
            if (!Taste(','))
            {
                break;
            }
        }

        bool declares = names.Count > 0 && Taste(':');
        if (names.Count == 0 || !Taste('='))
        {
            _at = start;
            return null;
        }

        if (names.Count > most)
        {
            throw TemplateParser.Wrong("too many declarations");
        }

        if (!declares)
        {
            names.ForEach(Require);
        }

        return new(names, declares);
    }

    /// <summary>From here on they can be seen: after their value was read.</summary>
    public void Declare(Binding? binding)
    {
        foreach (string name in binding is { Declares: true } ? binding.Names : [])
        {
            variables.Declare(name, true);
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
            Operand operand = ReadOperand();
            return operand is Operand.Member method ? method with { Arguments = ReadArguments() } : operand;
        }

        if (!Functions.Known.Contains(word))
        {
            throw TemplateParser.Wrong($"function \"{word}\" not defined");
        }

        TakeWord();
        return new Operand.Call(word, ReadArguments());
    }

    private List<Operand> ReadArguments()
    {
        List<Operand> arguments = [];
        while (AtOperand())
        {
            arguments.Add(ReadOperand());
        }

        return arguments;
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
            case '.':
                return ReadMembers(new Operand.Dot());
            case '$':
                _at++;
                return ReadMembers(ReadVariable());
            case '"' or '`':
                return ReadText();
            case '(':
                _at++;
                Operand.Pipe inner = ReadPipe();
                return Taste(')')
                    ? At('.') ? ReadMembers(inner) : inner
                    : throw TemplateParser.Wrong("unclosed left paren");
            default:
                return ReadConstant();
        }
    }

    private Operand.Variable ReadVariable()
    {
        string name = TakeName();
        Require(name);
        return new(name);
    }

    /// <summary><c>.A.B</c> behind something; a dot alone is the dot itself.</summary>
    private Operand ReadMembers(Operand of)
    {
        bool isWhole = true;
        while (At('.'))
        {
            _at++;
            string name = TakeName();
            if (name.Length == 0)
            {
                break;
            }

            mentioned.Add(name);
            isWhole = false;
            of = new Operand.Member(of, name, []);
        }

        if (isWhole)
        {
            mentioned.Add("");
        }

        return of;
    }

    private void Require(string name)
    {
        if (!variables.Knows(name))
        {
            throw TemplateParser.Wrong($"undefined variable \"${name}\"");
        }
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

    private bool At(char wanted) => _at < text.Length && text[_at] == wanted;

    /// <summary>The letters, digits and underscores that stand here and now.</summary>
    private string TakeName()
    {
        int start = _at;
        _at = EndOfWord(start);
        return text[start.._at];
    }

    private int EndOfWord(int at)
    {
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return at;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }
}
