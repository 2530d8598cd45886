// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Terminals;

namespace Tare.Cli.BuildProgress;

/// <summary>The live display at one moment, as lines that fit a terminal: as docker buildx shows it.</summary>
internal static class TtyFrame
{
    /// <summary>Columns below which the time gives way to the text.</summary>
    private const int MinColumns = 24;
    private const string Indent = " => ";

    /// <param name="steps">in the order in which they began</param>
    /// <param name="now">since the build began</param>
    /// <param name="size">of the terminal</param>
    /// <param name="end">null while it runs, else how it ended; then every step is there, however many the terminal has room for</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<TtyStep> steps, TimeSpan now, TerminalSize size, TtyEnd? end)
    {
        int columns = Math.Max(1, size.Columns - 1);
        if (end is null && size.Rows < 2)
        {
            return [];
        }

        int room = Math.Max(0, size.Rows - 2);
        List<(string Text, TtyStep? Step)> body = [];
        foreach (TtyStep step in Shown(steps, room, isAll: end is not null))
        {
            body.Add((Timed(Title(step), Text(step, now), columns), step));
            if (step.Ended is null || step.End == TtyEnd.Failed || end is not null)
            {
                body.AddRange(step.Notes.Select(note => (TextWidth.Cut($"{Indent}=> {note}", columns), (TtyStep?)step)));
            }

            if (step.Ended is null || step.End == TtyEnd.Failed)
            {
                body.AddRange(step.Tail.Select(line => (TextWidth.Cut($"{Indent}=> # {line}", columns), (TtyStep?)step)));
            }
        }

        string head = Timed(Head(steps, now, end), "", columns);
        return [head, .. (end is null ? Cut(body, room) : body).Select(static line => line.Text)];
    }

    private static string Head(IReadOnlyList<TtyStep> steps, TimeSpan now, TtyEnd? end)
    {
        int done = steps.Count(static step => step.Ended is not null && step.End == TtyEnd.Done);
        string mark = end == TtyEnd.Done ? " FINISHED" : "";
        return string.Create(CultureInfo.InvariantCulture, $"[+] Building {now.TotalSeconds:0.0}s ({done}/{steps.Count}){mark}");
    }

    private static string Title(TtyStep step) => Indent + (step switch
    {
        { End: TtyEnd.Failed } => "ERROR ",
        { End: TtyEnd.Cancelled } => "CANCELED ",
        { IsCached: true, Ended: not null } => "CACHED ",
        _ => "",
    }) + step.Name;

    private static string Text(TtyStep step, TimeSpan now) =>
        string.Create(CultureInfo.InvariantCulture, $"{((step.Ended ?? now) - step.Began).TotalSeconds:0.0}s");

    /// <summary>A text with the time at the right edge; the text gives way.</summary>
    private static string Timed(string text, string time, int columns)
    {
        if (time.Length == 0 || columns < MinColumns)
        {
            return TextWidth.Cut(text, columns);
        }

        string shown = TextWidth.Cut(text, columns - time.Length - 1);
        return shown + new string(' ', columns - TextWidth.Of(shown) - time.Length) + time;
    }

    /// <summary>What runs is worth more than what is done, what is new more than what is old.</summary>
    private static IEnumerable<TtyStep> Shown(IReadOnlyList<TtyStep> steps, int room, bool isAll)
    {
        if (isAll || steps.Count <= room)
        {
            return steps;
        }

        int running = steps.Count(static step => step.Ended is null);
        int skipDone = Math.Min(steps.Count - running, steps.Count - room);
        int skipRunning = steps.Count - room - skipDone;
        List<TtyStep> shown = [];
        foreach (TtyStep step in steps)
        {
            bool isDone = step.Ended is not null;
            if (isDone && skipDone > 0)
            {
                skipDone--;
            }
            else if (!isDone && skipRunning > 0)
            {
                skipRunning--;
            }
            else
            {
                shown.Add(step);
            }
        }

        return shown;
    }

    /// <summary>Lines of output give way to steps, those of the oldest step first.</summary>
    private static List<(string Text, TtyStep? Step)> Cut(List<(string Text, TtyStep? Step)> body, int room)
    {
        List<(string Text, TtyStep? Step)> kept = [.. body];
        for (int i = 0; i < kept.Count && kept.Count > room;)
        {
            bool isOutput = i > 0 && kept[i].Step == kept[i - 1].Step;
            if (isOutput)
            {
                kept.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }

        return kept.Count > room ? kept[^room..] : kept;
    }
}
