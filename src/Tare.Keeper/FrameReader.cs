// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>Cuts a stream of bytes into frames.</summary>
internal sealed class FrameReader
{
    private const int FirstBytes = 1024;

    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _end;

    /// <summary>Reads once from a socket; false at its end (also when the other side was killed).</summary>
    /// <param name="socket">lent</param>
    /// <param name="fds">gets the descriptors that come along, which the caller then owns; null: they are refused</param>
    public bool Fill(Fd socket, ICollection<Fd>? fds = null)
    {
        MakeRoom();
        try
        {
            int? n = fds is null
                ? socket.TryRead(_buffer.AsSpan(_end))
                : UnixSocket.TryReceive(socket, _buffer.AsSpan(_end), fds);
            _end += n ?? 0;
            return n != 0;
        }
        catch (LinuxException)
        {
            // ECONNRESET; whatever else it is, this connection brings nothing any more
            return false;
        }
    }

    /// <summary>For tests: as if these bytes had come.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            MakeRoom();
            _buffer[_end++] = b;
        }
    }

    /// <summary>The next whole frame; its payload is valid until the next call of any method here.</summary>
    /// <exception cref="FormatException">the header is not one of the protocol</exception>
    public bool TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        kind = 0;
        payload = default;
        if (bytes.Length < Protocol.HeaderBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (length > Protocol.MaxPayload || bytes[1] != 0 || bytes[2] != 0 || bytes[3] != 0)
        {
            throw new FormatException($"frame of kind {bytes[0]} with {length} bytes");
        }

        if (bytes.Length < Protocol.HeaderBytes + (int)length)
        {
            return false;
        }

        kind = (FrameKind)bytes[0];
        payload = bytes.Slice(Protocol.HeaderBytes, (int)length);
        _start += Protocol.HeaderBytes + (int)length;
        return true;
    }

    /// <summary>There is always room for the rest of the largest frame.</summary>
    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end > _buffer.Length / 2)
        {
            Array.Resize(ref _buffer, Math.Min(2 * _buffer.Length, 2 * (Protocol.HeaderBytes + Protocol.MaxPayload)));
        }
    }
}
