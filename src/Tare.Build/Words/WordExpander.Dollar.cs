// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Words;

internal sealed partial class WordExpander
{
    private string Dollar()
    {
        _at++;
        if (Next != '{')
        {
            string bare = Name();
            return bare.Length == 0 ? "$"
                : Value(bare) is { } value ? Bounded(value)
                : _style.KeepsUnset ? "$" + bare
                : "";
        }

        _at++;
        if (IsAtEnd)
        {
            throw MissingBrace();
        }

        if (Next is '{' or '}' or ':')
        {
            throw new FormatException("syntax error: bad substitution");
        }

        return Bounded(Braced(Name()));
    }

    private string Braced(string name)
    {
        if (IsAtEnd)
        {
            throw MissingBrace();
        }

        char modifier = _text[_at++];
        switch (modifier)
        {
            case '}':
                return Value(name) ?? (_style.KeepsUnset ? $"${{{name}}}" : "");
            case '/':
                return Replaced(name);
            case ':':
                char second = IsAtEnd ? throw MissingBrace() : _text[_at++];
                return Modified(name, second, $":{second}", emptyIsUnset: true);
            case '+' or '-' or '?' or '#' or '%':
                return Modified(name, modifier, modifier.ToString(), emptyIsUnset: false);
            default:
                throw UnknownModifier(modifier.ToString());
        }
    }

    private string Modified(string name, char modifier, string written, bool emptyIsUnset)
    {
        string word = Operand('}', keepsEscapes: modifier is '#' or '%');
        string? value = Value(name);
        if (_style.KeepsUnset && value is null)
        {
            return $"${{{name}{written}{word}}}";
        }

        bool isMissing = value is null || (emptyIsUnset && value.Length == 0);
        switch (modifier)
        {
            case '-':
                return isMissing ? word : value!;
            case '+':
                return isMissing ? "" : word;
            case '?':
                return isMissing ? throw Refusal(name, word, value) : value!;
            case '#' or '%':
                bool longest = word.StartsWith(modifier);
                ShellPattern pattern = new(longest ? word[1..] : word);
                return modifier == '#' ? pattern.TrimStart(value ?? "", longest) : pattern.TrimEnd(value ?? "", longest);
            default:
                throw UnknownModifier(written);
        }
    }

    private string Replaced(string name)
    {
        bool all = Next == '/' && !IsAtEnd;
        _at += all ? 1 : 0;
        string pattern = Operand('/', keepsEscapes: true);
        string replacement = Operand('}', keepsEscapes: true);
        string? value = Value(name);
        return value is null && _style.KeepsUnset
            ? $"${{{name}/{pattern}/{replacement}}}"
            : new ShellPattern(pattern).Replace(value ?? "", all ? Template(replacement) : replacement, all);
    }

    private string Operand(char stop, bool keepsEscapes)
    {
        try
        {
            return Until(stop, keepsEscapes).Text;
        }
        catch (FormatException) when (IsAtEnd)
        {
            throw stop == '}' ? MissingBrace() : new FormatException("syntax error: missing '/' in ${}");
        }
    }

    /// <summary>BuildKit replaces all through a template language in which <c>$$</c> is <c>$</c> and names of groups
    /// are empty; patterns have no groups.</summary>
    private static string Template(string text)
    {
        if (!text.Contains('$'))
        {
            return text;
        }

        StringBuilder result = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
            }
            else if (text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else
            {
                int end = GroupEnd(text, i + 1);
                result.Append(end < 0 ? "$" : "");
                i = end < 0 ? i : end - 1;
            }
        }

        return result.ToString();
    }

    private static int GroupEnd(string text, int start)
    {
        bool isBraced = text[start] == '{';
        int first = isBraced ? start + 1 : start;
        int end = first;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return end == first ? -1 : !isBraced ? end : end < text.Length && text[end] == '}' ? end + 1 : -1;
    }

    /// <summary>Letters, digits and '_'; digits alone when it begins with one; or one special parameter.</summary>
    private string Name()
    {
        int start = _at;
        if (!IsAtEnd && char.IsDigit(Next))
        {
            while (!IsAtEnd && char.IsDigit(Next))
            {
                _at++;
            }
        }
        else if (!IsAtEnd && Next is '@' or '*' or '#' or '?' or '-' or '$' or '!')
        {
            _at++;
        }
        else
        {
            while (!IsAtEnd && (char.IsLetterOrDigit(Next) || Next == '_'))
            {
                _at++;
            }
        }

        return _text[start.._at];
    }

    private string? Value(string name)
    {
        string? value = _variables[name];
        (value is null ? _unmatched : _matched).Add(name);
        return value;
    }

    private static FormatException Refusal(string name, string word, string? value) => new(
        $"{name}: {(word.Length > 0 ? word : value is null ? "is not allowed to be unset" : "is not allowed to be empty")}");

    private static FormatException MissingBrace() => new("syntax error: missing '}'");

    private static FormatException UnknownModifier(string modifier) =>
        new($"unsupported modifier ({modifier}) in substitution");
}
