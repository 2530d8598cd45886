// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Tare.Build.Solve;
using Tare.Cli.Output;

namespace Tare.Cli.Commands;

/// <summary>The progress of a build as docker buildx prints it with <c>--progress plain</c>.</summary>
/// <remarks>Safe to use from several threads.</remarks>
/// <param name="output">where to; null prints nothing</param>
internal sealed class BuildPrinter(TextWriter? output)
{
    private const int LongestName = 72;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Row> _rows = [];
    private Row? _current;
    private int _count;

    /// <summary>Tells one thing.</summary>
    public void Tell(BuildEvent what)
    {
        if (output is null)
        {
            return;
        }

        lock (_gate)
        {
            switch (what)
            {
                case BuildEvent.Began began:
                    _rows[began.Id] = new Row(++_count, began.Name);
                    Show(_rows[began.Id]);
                    break;
                case BuildEvent.Said said:
                    Line(said.Id, string.Create(CultureInfo.InvariantCulture, $"{_rows[said.Id].Seconds:0.000} {Shown(said.Line)}"));
                    break;
                case BuildEvent.Noted noted:
                    Line(noted.Id, noted.Text);
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
    }

    /// <summary>What a process wrote, without what could steer a terminal.</summary>
    public static string Shown(string line) => string.Join('\t', line.Split('\t').Select(Printable.Of));

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
        output!.WriteLine();
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
            Write(before, "...");
            output!.WriteLine();
        }

        Write(row, row.Name.Length > LongestName ? row.Name[..LongestName] + "..." : row.Name);
        _current = row;
    }

    private void Write(Row row, string text) =>
        output!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"#{row.Number} {text}"));

    private sealed class Row(int number, string name)
    {
        private readonly long _began = Stopwatch.GetTimestamp();

        public int Number => number;

        public string Name { get; } = Printable.Of(name);

        public bool IsCached { get; set; }

        public double Seconds => Stopwatch.GetElapsedTime(_began).TotalSeconds;
    }
}
