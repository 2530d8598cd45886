// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Solve;
using Tare.Cli.Output;

namespace Tare.Cli.BuildProgress;

/// <summary>Line after line, as docker buildx prints it with <c>--progress plain</c>.</summary>
/// <param name="output">where to</param>
/// <param name="clock">for how long things took</param>
internal sealed class PlainView(TextWriter output, TimeProvider clock) : IBuildView
{
    private const int LongestName = 72;

    private readonly Dictionary<string, Row> _rows = [];
    private Row? _current;
    private int _count;
    private bool _isPaused;
    private readonly List<BuildEvent> _held = [];

    public void Tell(BuildEvent what)
    {
        if (_isPaused)
        {
            _held.Add(what);
            return;
        }

        switch (what)
        {
            case BuildEvent.Began began:
                _rows[began.Id] = new Row(++_count, began.Name, clock);
                Show(_rows[began.Id]);
                break;
            case BuildEvent.Said said:
                Line(said.Id, string.Create(CultureInfo.InvariantCulture, $"{_rows[said.Id].Seconds:0.000} {Commands.BuildPrinter.Shown(said.Line)}"));
                break;
            case BuildEvent.Noted noted:
                Line(noted.Id, Printable.Of(noted.Text));
                break;
            case BuildEvent.Warned warned:
                Line(warned.Id, "WARN: " + Printable.Of(warned.Warning.Line));
                break;
            case BuildEvent.Cached cached:
                _rows[cached.Id].IsCached = true;
                break;
            case BuildEvent.Ended ended:
                Row row = _rows[ended.Id];
                End(row, row.IsCached ? "CACHED" : string.Create(CultureInfo.InvariantCulture, $"DONE {row.Seconds:0.0}s"));
                break;
            case BuildEvent.Failed failed when _rows.TryGetValue(failed.Id, out Row? broken):
                End(broken, failed.IsCancelled ? "CANCELED" : $"ERROR: {Printable.Of(failed.Message)}");
                break;
        }

        output.Flush();
    }

    public void Pause() => _isPaused = true;

    public void Resume()
    {
        _isPaused = false;
        _held.ForEach(Tell);
        _held.Clear();
    }

    public void Finish()
    {
    }

    public void Dispose()
    {
    }

    private void Line(string id, string text)
    {
        Row row = _rows[id];
        Show(row);
        Write(row, text);
    }

    private void End(Row row, string text)
    {
        Show(row);
        Write(row, text);
        output.WriteLine();
        row.HasEnded = true;
        _current = null;
    }

    /// <summary>What follows is about this step.</summary>
    private void Show(Row row)
    {
        if (_current == row)
        {
            return;
        }

        if (_current is { } before)
        {
            if (!before.HasEnded)
            {
                Write(before, "...");
            }

            output.WriteLine();
        }

        Write(row, row.Name.Length > LongestName ? row.Name[..LongestName] + "..." : row.Name);
        _current = row;
    }

    private void Write(Row row, string text) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"#{row.Number} {text}"));

    private sealed class Row(int number, string name, TimeProvider clock)
    {
        private readonly long _began = clock.GetTimestamp();

        public int Number => number;

        public string Name { get; } = Printable.Of(name);

        public bool IsCached { get; set; }

        /// <summary>Warnings may still be told of it.</summary>
        public bool HasEnded { get; set; }

        public double Seconds => clock.GetElapsedTime(_began).TotalSeconds;
    }
}
