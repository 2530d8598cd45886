// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Logs;

/// <summary>Reads a log and goes on with what is written to it, until its container ends.</summary>
internal sealed class LogFollower : IDisposable
{
    private readonly LogReader _reader;
    private readonly Func<bool> _waitForMore;
    private bool _ended;

    /// <param name="files">lent</param>
    /// <param name="query">which records</param>
    /// <param name="waitForMore">returns true when there may be more since the last call, or, the first time, since
    /// before this object was made; false when the container has ended and all of its log is written</param>
    public LogFollower(LogFiles files, LogQuery query, Func<bool> waitForMore)
    {
        _reader = new LogReader(files, query, follows: true);
        _waitForMore = waitForMore;
    }

    /// <summary>The next record, which is waited for; false at the end of the log.</summary>
    /// <param name="record">valid until the next call</param>
    public bool TryRead(out LogRecord record)
    {
        while (!_reader.TryRead(out record))
        {
            if (_reader.IsPastUntil)
            {
                return false;
            }

            if (_reader.TryAdvance())
            {
                continue;
            }

            if (_ended)
            {
                return _reader.TryReadRest(out record);
            }

            _ended = !_waitForMore();
        }

        return true;
    }

    public void Dispose() => _reader.Dispose();
}
