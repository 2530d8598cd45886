// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Tare.Linux;

namespace Tare.Keeper.Log;

/// <summary>A container's log: its output as lines in docker's json-file format, in files that are rotated.</summary>
/// <remarks>
/// Start reading here; <see cref="RecordFile"/> holds what is about files, <see cref="RecordText"/> the escapes.
/// Nothing here throws at its owner or allocates for a line. As docker's copier does it: a line is one record, one
/// longer than <see cref="MaxLineBytes"/> several, of which only the last ends with <c>\n</c>; what has no end yet
/// waits for it. Unlike docker's it does not cut a character in two, and the records of one call are 1 ns apart, so that a time names
/// one record of a stream.
/// </remarks>
internal sealed class LogFile : IDisposable
{
    /// <summary>The most text of one record.</summary>
    public const int MaxLineBytes = 16 * 1024;

    private const long NanosecondsPerTick = 100;

    private readonly PendingLine _stdout = new();
    private readonly PendingLine _stderr = new();
    private readonly RecordFile _file;
    private readonly TimeProvider _clock;
    private long _now;

    /// <summary>Opens the log, or makes it; when that fails, it is tried again later.</summary>
    /// <param name="folder">lent as long as this object lives</param>
    /// <param name="name">of the file that is written; the others have <c>.1</c>, <c>.2</c> … behind it</param>
    /// <param name="limits">how much is kept</param>
    /// <param name="clock">for the records' times</param>
    /// <param name="attributes">a JSON object for each record, or empty</param>
    public LogFile(Fd folder, byte[] name, LogLimits limits, TimeProvider clock, string attributes = "")
    {
        _file = new RecordFile(folder, name, limits, clock, attributes);
        _clock = clock;
    }

    /// <summary>May be changed at any time.</summary>
    public LogLimits Limits
    {
        get => _file.Limits;
        set => _file.Limits = value;
    }

    /// <summary>Set when records have reached the file; the owner clears it when it has told followers.</summary>
    public bool HasGrown
    {
        get => _file.HasGrown;
        set => _file.HasGrown = value;
    }

    /// <summary>Set when a file was rotated away; the owner clears it when it has seen to its packing.</summary>
    public bool HasRotated
    {
        get => _file.HasRotated;
        set => _file.HasRotated = value;
    }

    /// <summary>Records that could not be written.</summary>
    public long Dropped => _file.Dropped;

    /// <summary>Logs what the container wrote; whole lines are in the file afterwards.</summary>
    public void Write(bool isStderr, ReadOnlySpan<byte> bytes)
    {
        PendingLine line = isStderr ? _stderr : _stdout;
        ReadClock();
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> next = bytes[..Math.Min(bytes.Length, MaxLineBytes - line.Length)];
            int end = next.IndexOf((byte)'\n');
            if (end >= 0)
            {
                EndLine(isStderr, line, next[..end]);
                end++;
            }
            else
            {
                Extend(isStderr, line, next);
                end = next.Length;
            }

            bytes = bytes[end..];
        }

        _file.Flush();
    }

    /// <summary>Nothing more will come, so what waits for the end of its line is logged without one.</summary>
    public void End()
    {
        ReadClock();
        End(isStderr: false, _stdout);
        End(isStderr: true, _stderr);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private void EndLine(bool isStderr, PendingLine line, ReadOnlySpan<byte> text)
    {
        if (line.Length > 0)
        {
            line.Append(text);
            text = line.Bytes;
        }

        Add(isStderr, line, text, isWhole: true);
        line.Clear();
    }

    private void Extend(bool isStderr, PendingLine line, ReadOnlySpan<byte> text)
    {
        line.Append(text);
        if (line.Length == MaxLineBytes)
        {
            ReadOnlySpan<byte> bytes = line.Bytes;
            bool isCut = Rune.DecodeLastFromUtf8(bytes, out _, out int cut) == OperationStatus.NeedMoreData;
            int kept = isCut ? cut : 0;
            Add(isStderr, line, bytes[..^kept], isWhole: false);
            line.KeepLast(kept);
        }
    }

    private void End(bool isStderr, PendingLine line)
    {
        if (line.Length > 0)
        {
            Add(isStderr, line, line.Bytes, isWhole: false);
        }

        line.Clear();
    }

    private void Add(bool isStderr, PendingLine line, ReadOnlySpan<byte> text, bool isWhole)
    {
        bool isFirst = line.FirstTime is null;
        long time = line.FirstTime ?? _now++;
        if (!isFirst && line.Failures != _file.Failures)
        {
            // without what was lost before it, this would be a line that nobody wrote
            _file.Drop();
            return;
        }

        bool added = _file.Add(isStderr, text, isWhole, time);
        if (!isWhole)
        {
            line.FirstTime = time;
            line.Failures = added ? _file.Failures : -1;
        }
    }

    private void ReadClock() =>
        _now = Math.Max(0, (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick);
}
