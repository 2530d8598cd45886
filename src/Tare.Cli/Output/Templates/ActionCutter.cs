// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output.Templates;

/// <summary>Cuts a template into plain text and actions, and trims and leaves out as they say.</summary>
internal sealed class ActionCutter(string text)
{
    private int _at;
    private bool _trimsNext;

    /// <summary>The text before the action.</summary>
    public string Plain { get; private set; } = "";

    /// <summary>What stands in the braces; null for a comment, and at the end.</summary>
    public string? Action { get; private set; }

    /// <summary>Goes behind the next action, or to the end of the text.</summary>
    /// <returns>false: there is no more text</returns>
    /// <exception cref="Arguments.UsageException">an action has no end</exception>
    public bool MoveNext()
    {
        if (_at >= text.Length)
        {
            return false;
        }

        int open = text.IndexOf("{{", _at, StringComparison.Ordinal);
        int end = open < 0 ? text.Length : open;
        Plain = _trimsNext ? text[_at..end].TrimStart() : text[_at..end];
        Action = null;
        _trimsNext = false;
        _at = end;
        if (open >= 0)
        {
            CutAction();
        }

        return true;
    }

    private void CutAction()
    {
        _at += "{{".Length;
        if (_at + 1 < text.Length && text[_at] == '-' && char.IsWhiteSpace(text[_at + 1]))
        {
            Plain = Plain.TrimEnd();
            _at += 2;
        }

        bool isComment = text.AsSpan(_at).StartsWith("/*");
        int start = _at;
        int end = isComment ? EndOfComment() : EndOfAction();
        _at = end + "}}".Length;
        string inside = text[start..end];
        if (inside is [.., var before, '-'] && char.IsWhiteSpace(before))
        {
            _trimsNext = true;
            inside = inside[..^1];
        }

        Action = isComment ? null : inside;
    }

    private int EndOfComment()
    {
        int close = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (close < 0)
        {
            throw TemplateParser.Wrong("unclosed comment");
        }

        close += "*/".Length;
        int end = text.AsSpan(close).StartsWith(" -}}") ? close + 2 : close;
        return text.AsSpan(end).StartsWith("}}") ? end : throw TemplateParser.Wrong("comment ends before closing delimiter");
    }

    /// <summary>Braces in quotes do not end it.</summary>
    private int EndOfAction()
    {
        char quote = '\0';
        for (int at = _at; at < text.Length; at++)
        {
            char c = text[at];
            if (quote != '\0')
            {
                at += c == '\\' && quote == '"' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '`')
            {
                quote = c;
            }
            else if (c == '}' && at + 1 < text.Length && text[at + 1] == '}')
            {
                return at;
            }
        }

        throw TemplateParser.Wrong(quote == '\0' ? "unclosed action" : "unterminated quoted string");
    }
}
