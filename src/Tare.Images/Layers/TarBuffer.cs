// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tare.Images.Layers;

/// <summary>A window on a stream in one pooled buffer: what a parser needs to look at bytes without copying them.</summary>
/// <remarks>Lends the stream. At most <paramref name="maxBytes"/> are read from it.</remarks>
internal sealed class TarBuffer(Stream stream, long maxBytes, CancellationToken cancel) : IDisposable
{
    private const int Capacity = 256 * 1024;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _start;
    private int _end;

    /// <summary>Bytes consumed so far; where the next byte stands in the archive.</summary>
    public long Position { get; private set; }

    private int Buffered => _end - _start;

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        _start = _end = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The next <paramref name="count"/> bytes, not yet consumed; fewer only when the stream ends.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (Buffered < count && Fill())
        {
        }

        return _bytes.AsSpan(_start, Math.Min(count, Buffered));
    }

    /// <summary>1 to <paramref name="most"/> bytes, consumed; empty at the end of the stream. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(long most)
    {
        if (Buffered == 0 && !Fill())
        {
            return default;
        }

        int count = (int)Math.Min(most, Buffered);
        int from = _start;
        Advance(count);
        return _bytes.AsSpan(from, count);
    }

    public void Advance(int count)
    {
        _start += count;
        Position += count;
    }

    /// <summary>Consumes bytes unread, by seeking where the stream can; false when it ends before.</summary>
    public bool Skip(long count)
    {
        int buffered = (int)Math.Min(count, Buffered);
        Advance(buffered);
        count -= buffered;
        if (count > Capacity && stream.CanSeek)
        {
            return Seek(count);
        }

        while (count > 0)
        {
            int taken = Take(count).Length;
            if (taken == 0)
            {
                return false;
            }

            count -= taken;
        }

        return true;
    }

    private bool Seek(long count)
    {
        if (count > stream.Length - stream.Position)
        {
            return false;
        }

        CheckBound(count);
        stream.Seek(count, SeekOrigin.Current);
        Position += count;
        return true;
    }

    private bool Fill()
    {
        cancel.ThrowIfCancellationRequested();
        if (_start > 0)
        {
            _bytes.AsSpan(_start, Buffered).CopyTo(_bytes);
            _end -= _start;
            _start = 0;
        }

        int read = stream.Read(_bytes, _end, Capacity - _end);
        CheckBound(Buffered + read);
        _end += read;
        return read > 0;
    }

    private void CheckBound(long more)
    {
        if (more > maxBytes - Position)
        {
            throw TarError.TooMuch($"tar is longer than {maxBytes} bytes");
        }
    }
}
