// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tare.Images.Store;

/// <summary>Bytes from one thread to another through a few buffers; the reading end is this stream.</summary>
/// <remarks>The writer never waits for ever: when the reader is disposed, further bytes are dropped.</remarks>
internal sealed class Handoff : ForwardStream
{
    private const int BufferBytes = 256 * 1024;
    private const int MaxQueued = 8;
    private readonly object _gate = new();
    private readonly Queue<ArraySegment<byte>> _queue = [];
    private ArraySegment<byte> _current = ArraySegment<byte>.Empty;
    private Exception? _failure;
    private bool _isEnded;
    private bool _isClosed;

    /// <summary>A buffer to fill and hand over with <see cref="Push"/>.</summary>
    public static byte[] Rent() => ArrayPool<byte>.Shared.Rent(BufferBytes);

    /// <summary>Hands over a rented buffer, waiting while too many are on the way; a count of 0 is the end.</summary>
    /// <returns>false: the reader was disposed, and wants no more</returns>
    public bool Push(byte[] bytes, int count)
    {
        lock (_gate)
        {
            while (_queue.Count == MaxQueued && !_isClosed)
            {
                Monitor.Wait(_gate);
            }
            if (count == 0 || _isClosed)
            {
                ArrayPool<byte>.Shared.Return(bytes);
                _isEnded |= count == 0;
            }
            else
            {
                _queue.Enqueue(new ArraySegment<byte>(bytes, 0, count));
            }
            Monitor.PulseAll(_gate);
            return !_isClosed;
        }
    }

    /// <summary>Makes the reader fail with <paramref name="cause"/> now.</summary>
    public void Fail(Exception cause)
    {
        lock (_gate)
        {
            _failure = cause;
            Monitor.PulseAll(_gate);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_current.Count == 0 && !Next())
        {
            return 0;
        }
        int count = Math.Min(buffer.Length, _current.Count);
        _current.AsSpan(0, count).CopyTo(buffer);
        _current = new ArraySegment<byte>(_current.Array!, _current.Offset + count, _current.Count - count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                _isClosed = true;
                while (_queue.TryDequeue(out ArraySegment<byte> left))
                {
                    ArrayPool<byte>.Shared.Return(left.Array!);
                }
                Monitor.PulseAll(_gate);
            }
        }
        base.Dispose(disposing);
    }

    /// <summary>Waits for the next buffer; false at the end.</summary>
    private bool Next()
    {
        lock (_gate)
        {
            if (_current.Array is { Length: > 0 } done)
            {
                ArrayPool<byte>.Shared.Return(done);
                _current = ArraySegment<byte>.Empty;
            }
            while (_queue.Count == 0 && !_isEnded && _failure is null)
            {
                Monitor.Wait(_gate);
            }
            if (_failure is not null)
            {
                throw new IOException("the writer failed", _failure);
            }
            bool any = _queue.TryDequeue(out ArraySegment<byte> next);
            _current = any ? next : _current;
            Monitor.PulseAll(_gate);
            return any;
        }
    }
}
