// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Logs;

/// <summary>Reads the records of a log, the oldest first, through all its files.</summary>
/// <remarks>
/// All files are opened at once, and open files survive a rotation: nothing that was there is missed, nothing is read
/// twice. Damaged lines are passed over.
/// </remarks>
internal sealed class LogReader : IDisposable
{
    private readonly LogRecordReader _records = new();
    private readonly Queue<LogLines> _following = [];
    private readonly LogFiles _files;
    private readonly LogQuery _query;
    private LogLines? _lines;

    /// <param name="files">lent</param>
    /// <param name="query">which records</param>
    /// <param name="follows">false: what is written from now on is not read, so that there is an end</param>
    public LogReader(LogFiles files, LogQuery query, bool follows = false)
    {
        _files = files;
        _query = query;
        List<LogPart> opened = files.OpenNewerThan(null);
        long wanted = query.Tail ?? long.MaxValue;
        Stack<LogLines> newestFirst = [];
        for (int i = opened.Count - 1; i >= 0; i--)
        {
            // of a file that nobody asks for only the newest matters: what will be written to it
            bool isNewest = i == opened.Count - 1;
            if (wanted == 0 && !isNewest)
            {
                opened[i].Dispose();
                continue;
            }

            long size = opened[i].Size;
            long found = 0;
            long start = query.Tail is null ? 0 : LogTail.Find(opened[i], size, wanted, out found);
            wanted -= found;
            newestFirst.Push(new LogLines(opened[i], start, follows ? long.MaxValue : size));
        }

        while (newestFirst.TryPop(out LogLines? lines))
        {
            _following.Enqueue(lines);
        }
    }

    /// <summary>A record later than wanted was met: there is no use in going on.</summary>
    public bool IsPastUntil { get; private set; }

    /// <summary>The next record; false when there is none now.</summary>
    /// <param name="record">valid until the next call</param>
    public bool TryRead(out LogRecord record)
    {
        record = default;
        while (!IsPastUntil)
        {
            if (_lines is not null && _lines.TryRead(out ReadOnlySpan<byte> line))
            {
                if (IsWanted(line, out record))
                {
                    return true;
                }
            }
            else if (_following.TryDequeue(out LogLines? next))
            {
                using LogLines? finished = _lines;
                _lines = next;
                if (finished is not null && IsWanted(finished.Rest, out record))
                {
                    return true;
                }
            }
            else
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>After the last line: one whose end is missing, if it is a whole record.</summary>
    public bool TryReadRest(out LogRecord record)
    {
        record = default;
        using LogLines? finished = _lines;
        _lines = null;
        return finished is not null && IsWanted(finished.Rest, out record);
    }

    /// <summary>Looks for files that have come since; false when there are none.</summary>
    public bool TryAdvance()
    {
        if (_lines is not null && _files.IsCurrent(_lines.Part))
        {
            return false;
        }

        // the file so far is not written any more, but may have been since its end was seen: it stays the first to read
        List<LogPart> newer = _files.OpenNewerThan(_lines?.Part);
        newer.ForEach(part => _following.Enqueue(new LogLines(part, 0, long.MaxValue)));
        return newer.Count > 0;
    }

    public void Dispose()
    {
        _lines?.Dispose();
        foreach (LogLines lines in _following)
        {
            lines.Dispose();
        }
    }

    private bool IsWanted(ReadOnlySpan<byte> line, out LogRecord record)
    {
        if (!_records.TryRead(line, out record) || record.Time < _query.Since)
        {
            return false;
        }

        IsPastUntil = record.Time > _query.Until;
        return !IsPastUntil;
    }
}
