// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Logs;

/// <summary>The lines of one file of a log, which may still be written.</summary>
/// <remarks>
/// A line without an end may be cut off again by its writer, when the disk is full, and be written anew. So nothing of
/// it is kept: when more is wanted, it is read again from its beginning.
/// </remarks>
internal sealed class LogLines : IDisposable
{
    /// <summary>A longer line is no record and is passed over.</summary>
    public const int MaxLineBytes = 1 << 20;

    private const int BlockBytes = 64 * 1024;
    private const byte LineEnd = (byte)'\n';

    private readonly long _limit;
    private byte[] _buffer = new byte[BlockBytes];

    /// <summary>Place in the file of what comes behind the buffer's content.</summary>
    private long _next;
    private int _start;
    private int _searched;
    private int _length;
    private bool _atEnd;
    private bool _tooLong;

    /// <param name="part">owned from now on</param>
    /// <param name="start">where a line begins</param>
    /// <param name="limit">nothing from here on is read</param>
    public LogLines(LogPart part, long start, long limit)
    {
        Part = part;
        _next = start;
        _limit = limit;
    }

    /// <summary>Lent.</summary>
    public LogPart Part { get; }

    /// <summary>After <see cref="TryRead"/> found no line: what stands behind the last end of a line.</summary>
    public ReadOnlySpan<byte> Rest => _tooLong ? default : _buffer.AsSpan(_start, _length - _start);

    /// <summary>The next line without its end; false when there is none now, which may change.</summary>
    /// <param name="line">valid until the next call</param>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        if (_atEnd)
        {
            ForgetRest();
        }

        while (true)
        {
            int length = _buffer.AsSpan(_searched, _length - _searched).IndexOf(LineEnd);
            if (length >= 0)
            {
                int end = _searched + length;
                line = _buffer.AsSpan(_start, end - _start);
                _start = _searched = end + 1;
                if (!_tooLong)
                {
                    return true;
                }

                _tooLong = false;
                continue;
            }

            _searched = _length;
            if (_atEnd)
            {
                line = default;
                return false;
            }

            Fill();
        }
    }

    public void Dispose() => Part.Dispose();

    private void ForgetRest()
    {
        _next -= _length - _start;
        _start = _searched = _length = 0;
        _atEnd = false;
    }

    private void Fill()
    {
        if (_length - _start > MaxLineBytes)
        {
            _tooLong = true;
            _start = _searched = _length;
        }

        _buffer.AsSpan(_start, _length - _start).CopyTo(_buffer);
        _length -= _start;
        _start = 0;
        if (_length > _buffer.Length / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _searched = _length;
        int room = (int)Math.Min(_buffer.Length - _length, _limit - _next);

        // one call: what a second one found behind the end could belong to another line than what the first one found
        int read = room > 0 ? Part.ReadAt(_buffer.AsSpan(_length, room), _next) : 0;
        _atEnd = read < room || room == 0;
        _next += read;
        _length += read;
    }
}
