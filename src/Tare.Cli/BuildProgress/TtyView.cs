// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Build.Solve;
using Tare.Linux.Terminals;

namespace Tare.Cli.BuildProgress;

/// <summary>Shows a build on a terminal: the same lines written again and again.</summary>
/// <remarks>
/// A line never reaches the last column, so none wraps. When the terminal became narrower, what stands there may have been
/// wrapped by the terminal or cut, nobody can tell: it stays as it is and the display goes on below it.
/// </remarks>
/// <param name="output">the terminal</param>
/// <param name="size">of it, asked for each time; null: it is gone</param>
/// <param name="clock">for how long things took</param>
internal sealed class TtyView(TextWriter output, Func<TerminalSize?> size, TimeProvider clock) : IBuildView
{
    private readonly List<TtyStep> _steps = [];
    private readonly Dictionary<string, TtyStep> _byId = [];
    private readonly long _began = clock.GetTimestamp();
    private TerminalSize _last = new(24, 80);

    /// <summary>Lines of ours above the cursor, which stands at the beginning of a line.</summary>
    private int _height;
    private bool _isPaused;
    private bool _isFinished;
    private bool _hasFailed;

    private TimeSpan Now => clock.GetElapsedTime(_began);

    public void Tell(BuildEvent what)
    {
        TtyStep? step = _byId.GetValueOrDefault(what.Id);
        switch (what)
        {
            case BuildEvent.Began began:
                _byId[began.Id] = new TtyStep(began.Name, Now);
                _steps.Add(_byId[began.Id]);
                break;
            case BuildEvent.Said said:
                step?.Say(Commands.BuildPrinter.Shown(said.Line).Replace("\t", "    ", StringComparison.Ordinal));
                break;
            case BuildEvent.Noted noted:
                step?.Note(noted.Text);
                break;
            case BuildEvent.Cached when step is not null:
                step.IsCached = true;
                break;
            case BuildEvent.Ended:
                step?.Finish(TtyEnd.Done, Now);
                break;
            case BuildEvent.Failed failed:
                step?.Finish(failed.IsCancelled ? TtyEnd.Cancelled : TtyEnd.Failed, Now);
                _hasFailed |= !failed.IsCancelled;
                break;
        }
    }

    /// <summary>Brings what is shown up to date.</summary>
    public void Paint()
    {
        if (!_isPaused && !_isFinished && _steps.Count > 0)
        {
            Write(end: null);
        }
    }

    public void Pause()
    {
        Paint();
        _isPaused = true;
        _height = 0;
    }

    public void Resume() => _isPaused = false;

    public void Finish()
    {
        if (!_isFinished && _steps.Count > 0)
        {
            foreach (TtyStep step in _steps.Where(static step => step.Ended is null))
            {
                step.Finish(TtyEnd.Cancelled, Now);
            }

            Write(_hasFailed ? TtyEnd.Failed : TtyEnd.Done);
        }

        _isFinished = true;
    }

    public void Dispose() => Finish();

    private void Write(TtyEnd? end)
    {
        TerminalSize now = size() is { Columns: > 0, Rows: > 0 } known ? known : _last;
        var text = new StringBuilder();
        int up = now.Columns < _last.Columns ? 0 : Math.Min(_height, now.Rows - 1);
        if (up > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[{up}A\r\e[J");
        }

        IReadOnlyList<string> lines = TtyFrame.Lines(_steps, Now, now, end);
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }

        output.Write(text.ToString());
        output.Flush();
        (_height, _last) = (lines.Count, now);
    }
}
