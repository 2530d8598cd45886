// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux.Terminals;

namespace Tare.Cli.Tests.BuildProgress;

/// <summary>A terminal as far as a live display needs one: wraps, scrolls, moves up, erases to its end. Anything else is an error.</summary>
internal sealed class Screen(int rows, int columns) : TextWriter
{
    private readonly List<StringBuilder> _lines = [new()];
    private readonly List<string> _gone = [];
    private int _row;
    private int _column;

    public override Encoding Encoding => Encoding.UTF8;

    public TerminalSize Size => new((ushort)rows, (ushort)columns);

    /// <summary>A line went beyond the last column.</summary>
    public bool HasWrapped { get; private set; }

    /// <summary>What scrolled out, then what is seen, without empty lines at the end.</summary>
    public IReadOnlyList<string> All => [.. _gone, .. Seen];

    public IReadOnlyList<string> Seen => [.. _lines.Select(static line => line.ToString().TrimEnd()).Reverse().SkipWhile(static line => line.Length == 0).Reverse()];

    /// <summary>As terminals do that do not bring text into a new form: lines are cut, rows scroll out.</summary>
    public void Resize(int newRows, int newColumns)
    {
        (rows, columns) = (newRows, newColumns);
        foreach (StringBuilder line in _lines.Where(line => line.Length > columns))
        {
            line.Length = columns;
        }

        Scroll();
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        string text = value ?? "";
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e')
            {
                int end = text.AsSpan(i).IndexOfAny('A', 'J') + i;
                Order(text[(i + 2)..end], text[end]);
                i = end;
            }
            else
            {
                Put(text[i]);
            }
        }
    }

    private void Order(string number, char order)
    {
        if (order == 'A')
        {
            _row = Math.Max(0, _row - int.Parse(number, CultureInfo.InvariantCulture));
            return;
        }

        Assert.Equal("", number);
        _lines[_row].Length = Math.Min(_column, _lines[_row].Length);
        _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
    }

    private void Put(char c)
    {
        switch (c)
        {
            case '\r':
                _column = 0;
                return;
            case '\n':
                Down();
                return;
        }

        Assert.False(char.IsControl(c));
        if (_column == columns)
        {
            HasWrapped = true;
            Down();
        }

        StringBuilder line = _lines[_row];
        line.Append(' ', Math.Max(0, _column + 1 - line.Length));
        line[_column++] = c;
    }

    private void Down()
    {
        (_row, _column) = (_row + 1, 0);
        if (_row == _lines.Count)
        {
            _lines.Add(new());
        }

        Scroll();
    }

    private void Scroll()
    {
        while (_lines.Count > rows)
        {
            _gone.Add(_lines[0].ToString().TrimEnd());
            _lines.RemoveAt(0);
            _row = Math.Max(0, _row - 1);
        }
    }
}
