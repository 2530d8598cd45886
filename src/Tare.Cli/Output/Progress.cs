// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Terminals;

namespace Tare.Cli.Output;

/// <summary>What becomes of several things at once: on a terminal a line for each that is written again, else a line for each
/// change.</summary>
/// <remarks>docker's looks. Safe to use from several threads.</remarks>
/// <param name="output">where to</param>
/// <param name="terminal">its size; null when it is none</param>
internal sealed class Progress(TextWriter output, TerminalSize? terminal)
{
    private const int MaxBar = 50;
    private const int MinBar = 10;

    /// <summary>Columns for all that is beside the bar.</summary>
    private const int BesideBar = 50;

    private readonly Lock _gate = new();
    /// <summary>What each line since the last one that stays is about, the oldest first.</summary>
    private readonly List<string> _lines = [];

    /// <summary>For one verb.</summary>
    /// <param name="session">where it prints</param>
    /// <param name="quiet">nothing is to be said</param>
    /// <param name="toError">on standard error</param>
    public static Progress Open(Session session, bool quiet, bool toError = false) => quiet
        ? new(TextWriter.Null, null)
        : new(toError ? session.Error : session.Output, session.TerminalOf(toError));

    /// <summary>A line that stays; what was begun above stays as it is.</summary>
    public void Print(string line)
    {
        lock (_gate)
        {
            _lines.Clear();
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>How one thing stands now.</summary>
    public void Set(string id, string status)
    {
        lock (_gate)
        {
            Show(id, $"{id}: {status}", isLasting: true);
        }
    }

    /// <summary>How far one thing is; nothing without a terminal.</summary>
    /// <param name="id">which</param>
    /// <param name="verb">what is done with it</param>
    /// <param name="done">bytes</param>
    /// <param name="whole">bytes</param>
    public void Move(string id, string verb, long done, long whole)
    {
        if (terminal is { } size)
        {
            lock (_gate)
            {
                Show(id, $"{id}: {verb} {Bar(done, whole, size.Columns)}", isLasting: false);
            }
        }
    }

    /// <summary>Such as <c>[=====>     ]  12.3MB/40MB</c>.</summary>
    internal static string Bar(long done, long whole, int columns)
    {
        int width = Math.Clamp(columns - BesideBar, MinBar, MaxBar);
        int full = whole <= 0 ? width : (int)Math.Clamp((double)done / whole * width, 0, width);
        string head = full == width ? new string('=', width) + ">" : new string('=', full) + ">" + new string(' ', width - full);
        return string.Create(CultureInfo.InvariantCulture, $"[{head}] {HumanSize.Format(done),8}/{HumanSize.Format(whole)}");
    }

    private void Show(string id, string line, bool isLasting)
    {
        int at = terminal is null ? -1 : _lines.IndexOf(id);
        int up = _lines.Count - at;
        string shown = terminal is { } size && line.Length >= size.Columns ? line[..(size.Columns - 1)] : line;
        if (at >= 0 && up < terminal!.Value.Rows)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\e[{up}A\r\e[2K{shown}\r\e[{up}B"));
        }
        else if (at < 0 || isLasting)
        {
            // a line that is out of sight cannot be written again: it gets a new one when that is worth it
            if (at >= 0)
            {
                _lines[at] = "";
            }

            _lines.Add(id);
            output.WriteLine(shown);
        }

        output.Flush();
    }
}
