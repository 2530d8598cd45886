// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper.Log;

/// <summary>The file of records that is written now: buffered, rotated, never with half a record in it.</summary>
/// <remarks>
/// A container must not notice what goes wrong here. When the file cannot be written, records are dropped and counted,
/// what stands of the record that failed is cut off, and after <see cref="RetryAfter"/> the next record tries again.
/// </remarks>
internal sealed class RecordFile : IDisposable
{
    /// <summary>Between two attempts at a file that could not be written, so that a flood costs no time.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private const int BufferBytes = 64 * 1024;
    private const uint FileMode = 0b110_100_000;
    private const byte RecordEnd = (byte)'\n';

    /// <summary>All of a record but its text and its attributes.</summary>
    private const int MaxFrameBytes = 80;

    /// <summary>No keeper writes a longer record, so who looks for the end of one looks no farther.</summary>
    private const int MaxRecordBytes =
        (LogFile.MaxLineBytes * RecordText.MaxGrowth) + MaxFrameBytes + OrderBytes.MaxTextBytes + AttributesKeyBytes;

    private const int AttributesKeyBytes = 16;

    private readonly byte[] _buffer = IdleMemory.Buffer(BufferBytes);
    private readonly RecordTime _time = new();
    private readonly Fd _folder;
    private readonly byte[] _name;
    private readonly LogNames _names;
    private readonly TimeProvider _clock;
    private readonly byte[] _attributes;
    private LogLimits _limits;
    private Fd? _file;
    private int _used;
    private bool _fails;
    private long _failedAt;

    /// <summary>Bytes in the file, and those of them that are whole records.</summary>
    private long _size;
    private long _whole;

    public RecordFile(Fd folder, byte[] name, LogLimits limits, TimeProvider clock, string attributes = "")
    {
        _attributes = attributes.Length == 0 ? [] : Encoding.UTF8.GetBytes($",\"attrs\":{attributes}");
        (_folder, _name, _names) = (folder, name, new LogNames(folder, name));
        (_limits, _clock) = (limits, clock);
        try
        {
            _names.Trim(limits.MaxFiles);
            Open();
        }
        catch (LinuxException)
        {
            Fail();
        }
    }

    public LogLimits Limits
    {
        get => _limits;
        set
        {
            _limits = value;
            try
            {
                _names.Trim(value.MaxFiles);
            }
            catch (LinuxException)
            {
                // rotation replaces them in time
            }
        }
    }

    /// <summary>Records that could not be written.</summary>
    public long Dropped { get; private set; }

    /// <summary>How often the file could not be written; what waited in the buffer was lost each time.</summary>
    public int Failures { get; private set; }

    /// <summary>Set when a file got the name of a rotated one; whoever has packed it clears it.</summary>
    public bool HasRotated { get; set; }

    /// <summary>Set when whole records have reached the file; whoever has told others clears it.</summary>
    public bool HasGrown { get; set; }

    /// <summary>Adds a record; false when it was dropped. <see cref="Flush"/> may still fail to write it.</summary>
    /// <param name="isStderr">its stream</param>
    /// <param name="text">at most <see cref="LogFile.MaxLineBytes"/> bytes</param>
    /// <param name="isWhole">the end of a line follows the text</param>
    /// <param name="nanoseconds">its time, since 1970 UTC</param>
    public bool Add(bool isStderr, ReadOnlySpan<byte> text, bool isWhole, long nanoseconds)
    {
        if (_fails && _clock.GetElapsedTime(_failedAt) < RetryAfter)
        {
            Drop();
            return false;
        }

        try
        {
            Recover();
            MakeRoom(text);
            Put(isStderr, new RecordText(text), isWhole, nanoseconds);
            return true;
        }
        catch (LinuxException)
        {
            Drop();
            Fail();
            return false;
        }
    }

    /// <summary>Counts a record that makes no sense without one that was dropped.</summary>
    public void Drop() => Dropped++;

    /// <summary>Brings the records into the file.</summary>
    public void Flush()
    {
        try
        {
            WriteOut();
        }
        catch (LinuxException)
        {
            Fail();
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Put(bool isStderr, RecordText text, bool isWhole, long nanoseconds)
    {
        Reserve(MaxFrameBytes);
        Append("{\"log\":\""u8);
        while (true)
        {
            _used += text.Fill(_buffer.AsSpan(_used));
            if (text.IsEmpty)
            {
                break;
            }

            WriteOut();
        }

        Reserve(MaxFrameBytes + _attributes.Length);
        Append(isWhole ? "\\n\",\"stream\":\""u8 : "\",\"stream\":\""u8);
        Append(isStderr ? "stderr\""u8 : "stdout\""u8);
        Append(_attributes);
        Append(",\"time\":\""u8);
        _used += _time.Format(nanoseconds, _buffer.AsSpan(_used));
        Append("\"}\n"u8);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _used < bytes)
        {
            WriteOut();
        }
    }

    /// <summary>Rotates when the record would make the file too long; a very long one gets its own.</summary>
    private void MakeRoom(ReadOnlySpan<byte> text)
    {
        long before = _size + _used;
        long room = _limits.MaxBytes - before - MaxFrameBytes - _attributes.Length;

        // the exact length is asked for only near the end of a file
        if (before > 0 && text.Length * RecordText.MaxGrowth > room && RecordText.EscapedLength(text) > room)
        {
            WriteOut();
            Rotate(before);
        }
    }

    /// <summary>The disk's limit holds also when whoever packs is stopped while it has the lock of the names.</summary>
    private void Rotate(long bytes)
    {
        if (_names.TryRotate(_limits.MaxFiles))
        {
            HasRotated = _limits.MaxFiles > 1;
            Open();
        }
        else if (bytes / 2 > _limits.MaxBytes)
        {
            throw new LinuxException(Errno.EAGAIN, "rotate");
        }
    }

    private void WriteOut()
    {
        int done = 0;
        try
        {
            while (done < _used)
            {
                done += _file!.TryWrite(_buffer.AsSpan(done, _used - done)) ?? 0;
            }
        }
        finally
        {
            int whole = _buffer.AsSpan(0, done).LastIndexOf(RecordEnd) + 1;
            _whole = whole > 0 ? _size + whole : _whole;
            _size += done;
            HasGrown |= whole > 0;
            Dropped += done < _used ? _buffer.AsSpan(done, _used - done).Count(RecordEnd) : 0;
            _used = 0;
        }
    }

    /// <summary>Nothing half-written stays, now or, if even that fails, before the next record.</summary>
    private void Fail()
    {
        _fails = true;
        Failures++;
        _failedAt = _clock.GetTimestamp();
        _used = 0;
        try
        {
            CutTorn();
        }
        catch (LinuxException)
        {
            // Recover tries again
        }
    }

    private void Recover()
    {
        if (_fails)
        {
            CutTorn();
        }

        if (_file is null)
        {
            Open();
        }

        _fails = false;
    }

    private void CutTorn()
    {
        // the size is asked for, so that a file that somebody emptied does not grow
        if (_file is not null && _size != _whole && _file.Status().Size > _whole)
        {
            _file.SetLength(_whole);
        }

        _size = _whole;
    }

    /// <summary>Opens or makes the current file; records of an earlier start stay.</summary>
    private void Open()
    {
        const OpenFlags Flags = OpenFlags.ReadWrite | OpenFlags.Append | OpenFlags.Create;
        _file?.Dispose();
        _file = null;
        _file = _folder.Open(_name, Flags, FileMode);
        _size = _file.Status().Size;
        _whole = FindEnd(_file, _size);
        CutTorn();
    }

    /// <summary>The end of the last whole record: a killed keeper may have left half of one behind it.</summary>
    private long FindEnd(Fd file, long size)
    {
        long end = size;
        while (end > 0 && size - end < MaxRecordBytes)
        {
            Span<byte> part = _buffer.AsSpan(0, (int)Math.Min(end, BufferBytes));
            file.ReadAt(part, end - part.Length);
            end -= part.Length;
            int last = part.LastIndexOf(RecordEnd);
            if (last >= 0)
            {
                return end + last + 1;
            }
        }

        return end;
    }
}
