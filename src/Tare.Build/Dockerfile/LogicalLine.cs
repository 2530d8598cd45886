// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Dockerfile;

/// <summary>The text of one instruction with its continuations joined, which knows where each character came
/// from.</summary>
internal sealed class LogicalLine
{
    private readonly StringBuilder _text = new();
    private readonly List<Piece> _pieces = [];

    /// <summary>The joined text.</summary>
    public string Text => field ??= _text.ToString();

    /// <summary>The number of the line that it begins on.</summary>
    public int FirstLine => _pieces[0].Line;

    /// <summary>The number of the last line that was read for it, heredocs included.</summary>
    public int LastLine { get; set; }

    /// <summary>Adds what stands at the place; only before <see cref="Text"/> is asked for.</summary>
    public void Add(string text, int line, int column)
    {
        _pieces.Add(new Piece(_text.Length, line, column));
        _text.Append(text);
        LastLine = line;
    }

    /// <summary>Where a stretch of <see cref="Text"/> stands in the file.</summary>
    public SourceRange Range(int start, int length)
    {
        int end = Math.Min(start + Math.Max(length, 0), Text.Length);
        start = Math.Min(start, end);
        (int line, int column) = Place(start);
        (int endLine, int endColumn) = end > start ? Place(end - 1) : (line, column - 1);
        return new SourceRange(line, column, endLine, endColumn + 1);
    }

    /// <summary>Where all of it stands, without the white space around it.</summary>
    public SourceRange Whole
    {
        get
        {
            int start = Text.Length - Text.AsSpan().TrimStart().Length;
            return Range(start, Text.AsSpan().Trim().Length);
        }
    }

    private (int Line, int Column) Place(int offset)
    {
        int low = 0;
        int high = _pieces.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _pieces[middle].Offset <= offset ? (middle, high) : (low, middle - 1);
        }

        Piece piece = _pieces[low];
        return (piece.Line, piece.Column + offset - piece.Offset);
    }

    private readonly record struct Piece(int Offset, int Line, int Column);
}
