// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>Joins lines into instructions: continuations, comments and empty lines inside them, heredocs behind
/// them.</summary>
internal sealed class LineReader(SourceText source)
{
    private readonly List<SourceRange> _emptyContinuations = [];
    private List<string> _comments = [];
    private int _next;

    /// <summary>Those read so far; complete when the first instruction was read.</summary>
    public Directives Directives { get; } = new();

    /// <summary>Where instructions with empty lines inside end.</summary>
    public IReadOnlyList<SourceRange> EmptyContinuations => _emptyContinuations;

    /// <summary>The next instruction, or null at the end.</summary>
    public InstructionLine? Next()
    {
        while (_next < source.Lines.Count)
        {
            int number = _next + 1;
            string content = source.Lines[_next++].Content;
            string trimmed = content.TrimStart();
            if (Directives.Take(trimmed, source, number))
            {
                continue;
            }

            if (trimmed.StartsWith('#') || trimmed.Length == 0)
            {
                NoteComment(trimmed);
                continue;
            }

            LogicalLine joined = Join(content, content.Length - trimmed.Length, number);
            InstructionLine line = InstructionLine.Read(joined, 0, _comments);
            _comments = [];
            return HasHeredocs(line) ? line.WithHeredocs(Heredocs(joined, line)) : line;
        }

        return null;
    }

    private void NoteComment(string line)
    {
        string comment = line.TrimStart('#').Trim();
        if (comment.Length == 0)
        {
            _comments = [];
        }
        else
        {
            _comments.Add(line[1..].Trim());
        }
    }

    private LogicalLine Join(string content, int skipped, int number)
    {
        LogicalLine joined = new();
        bool goesOn = TryContinue(RequireText(content, number), out string part);
        joined.Add(part[skipped..], number, skipped + 1);
        bool hasEmpty = false;
        while (goesOn && _next < source.Lines.Count)
        {
            number = _next + 1;
            content = source.Lines[_next++].Content;
            if (content.AsSpan().TrimStart().StartsWith('#'))
            {
                continue;
            }

            if (string.IsNullOrWhiteSpace(content))
            {
                hasEmpty = true;
                continue;
            }

            goesOn = TryContinue(RequireText(content, number), out part);
            joined.Add(part, number, 1);
        }

        if (hasEmpty)
        {
            _emptyContinuations.Add(new SourceRange(_next, 1, _next, source.Lines[_next - 1].Content.Length + 1));
        }

        return joined;
    }

    /// <summary>The escape as the last character but spaces and tabs, and not itself escaped, joins the next
    /// line.</summary>
    private bool TryContinue(string line, out string part)
    {
        string kept = line.TrimEnd(' ', '\t');
        bool goesOn = kept.EndsWith(Directives.Escape)
            && (kept.Length == 1 || kept[^2] != Directives.Escape);
        part = goesOn ? kept[..^1] : line;
        return goesOn;
    }

    private string RequireText(string content, int number) => source.Lines[number - 1].IsText ? content
        : throw SourceError.At(source, Line(number, content), "the line is not UTF-8");

    private static bool HasHeredocs(InstructionLine line)
    {
        string keyword = line.Head.Keyword.ToUpperInvariant();
        if (keyword == "ONBUILD" && line.Rest.Length > 0)
        {
            line = line.Inner();
            keyword = line.Head.Keyword.ToUpperInvariant();
        }

        return keyword is "RUN" or "COPY" or "ADD" && line.Rest.Contains("<<", StringComparison.Ordinal)
            && !IsJson(line.Rest);
    }

    private static bool IsJson(string rest)
    {
        try
        {
            return JsonWords.TryRead(rest) is not null;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private List<Heredoc> Heredocs(LogicalLine joined, InstructionLine line)
    {
        try
        {
            return [.. HeredocWord.AllIn(joined.Text).Select(heredoc => Fill(heredoc, line))];
        }
        catch (FormatException malformed)
        {
            throw SourceError.At(source, line.Head.Range, $"heredoc: {malformed.Message}");
        }
    }

    private Heredoc Fill(Heredoc heredoc, InstructionLine line)
    {
        StringBuilder content = new();
        while (_next < source.Lines.Count)
        {
            SourceLine next = source.Lines[_next++];
            string end = heredoc.Chomps ? next.Content.TrimStart('\t') : next.Content;
            if (end == heredoc.Name)
            {
                return heredoc with { Content = content.ToString() };
            }

            RequireText(next.Content, _next);
            content.Append(next.Text);
        }

        throw SourceError.At(
            source, line.Head.Range, $"unterminated heredoc {Quoted.Text(heredoc.Name)}",
            $"a line that is only {heredoc.Name} ends it");
    }

    private static SourceRange Line(int number, string content) => new(number, 1, number, content.Length + 1);
}
