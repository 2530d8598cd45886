// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>Frames on their way into a socket that may be full.</summary>
internal sealed class FrameWriter
{
    private const int KeptBytes = 4096;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Bytes that the socket has not taken yet.</summary>
    public int Pending => _end - _start;

    /// <summary>Adds a frame; <see cref="TryFlush"/> sends it.</summary>
    public void Add(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, Protocol.MaxPayload);
        int length = Protocol.HeaderBytes + payload.Length;
        MakeRoom(length);
        Span<byte> frame = _buffer.AsSpan(_end, length);
        frame[..4].Clear();
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], payload.Length);
        payload.CopyTo(frame[Protocol.HeaderBytes..]);
        _end += length;
    }

    /// <summary>Sends what the socket takes now; false when nobody is at the other end any more.</summary>
    public bool TryFlush(Fd socket)
    {
        try
        {
            while (Pending > 0)
            {
                if (UnixSocket.TrySend(socket, _buffer.AsSpan(_start, Pending)) is not { } sent)
                {
                    return true;
                }

                _start += sent;
            }
        }
        catch (LinuxException)
        {
            // EPIPE, ECONNRESET; whatever else it is, this connection carries nothing any more
            return false;
        }

        _start = _end = 0;
        if (_buffer.Length > KeptBytes)
        {
            _buffer = [];
        }

        return true;
    }

    private void MakeRoom(int length)
    {
        if (_buffer.Length - _end >= length)
        {
            return;
        }

        int pending = Pending;
        byte[] target = _buffer.Length >= pending + length
            ? _buffer
            : new byte[Math.Max(pending + length, Math.Max(KeptBytes, 2 * _buffer.Length))];
        _buffer.AsSpan(_start, pending).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = pending;
    }
}
