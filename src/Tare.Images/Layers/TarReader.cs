// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tare.Images.Layers;

/// <summary>Reads a tar archive front to back, whoever wrote it: V7, ustar, star, GNU, pax; sparse files in all four forms.</summary>
/// <remarks>
/// Where archives may be read in two ways, this reads as Go's archive/tar does, because that is what every other image
/// tool and scanner sees. Broken input is a <see cref="Oci.TareException"/>: Corrupt, or ResourceExhausted for a bound.
/// The stream is lent and, after <see cref="Next"/> returned false, read to its end: only zeros may follow the archive.
/// </remarks>
internal sealed partial class TarReader : IDisposable
{
    /// <summary>Bytes of extended headers that one entry (and all global headers together) may have.</summary>
    public const int MaxHeaderBytes = 1024 * 1024;

    private readonly TarBuffer _buffer;
    private readonly TarEnd _end;
    private readonly PaxValues _pax = new();
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly ArrayBufferWriter<byte> _globals = new();
    private readonly ArrayBufferWriter<byte> _longName = new();
    private readonly ArrayBufferWriter<byte> _longLink = new();
    private bool _hasLongName;
    private bool _hasLongLink;
    private bool _ended;

    /// <param name="stream">lent; need not seek</param>
    /// <param name="maxBytes">bytes that are read of it at most</param>
    /// <param name="end">whether an archive without its end marker counts as cut short</param>
    /// <param name="cancel">looked at before each read</param>
    public TarReader(
        Stream stream, long maxBytes = long.MaxValue, TarEnd end = TarEnd.Optional, CancellationToken cancel = default)
    {
        _buffer = new TarBuffer(stream, maxBytes, cancel);
        _end = end;
        _maxBytes = maxBytes;
    }

    public TarEntry Entry { get; } = new();

    /// <summary>Bytes of the archive consumed so far.</summary>
    public long Position => _buffer.Position;

    public void Dispose() => _buffer.Dispose();

    /// <summary>Goes to the next entry, over what is left of this one; false at the end of the archive.</summary>
    public bool Next()
    {
        if (_ended)
        {
            return false;
        }

        SkipData();
        Forget();
        long begin = Position;
        while (TryPeekHeader(out TarHeader header))
        {
            if (!TryReadExtension(header))
            {
                ReadEntry(header);
                return true;
            }

            if (Position - begin > MaxHeaderBytes)
            {
                throw TarError.TooMuch($"extended headers at byte {begin} are longer than {MaxHeaderBytes} bytes");
            }
        }

        _ended = true;
        return _pax.IsLocal || _hasLongName || _hasLongLink
            ? throw TarError.Corrupt($"tar ends after an extended header at byte {begin}, without its entry")
            : false;
    }

    private void Forget()
    {
        _hasLongName = _hasLongLink = false;
        _pax.Clear();
        if (_globals.WrittenCount > 0)
        {
            _pax.Apply(_globals.WrittenSpan, global: true);
        }
    }

    /// <summary>Consumes a header that says something about the next one; false for an entry's own.</summary>
    private bool TryReadExtension(TarHeader header)
    {
        switch (header.TypeFlag)
        {
            case (byte)'x':
                ReadBody(header, _body, "pax header");
                _pax.Apply(_body.WrittenSpan, global: false);
                return true;
            case (byte)'g':
                ReadBody(header, _body, "global pax header");
                _pax.Apply(_body.WrittenSpan, global: true);
                Remember(_body.WrittenSpan);
                return true;
            case (byte)'L':
                ReadBody(header, _longName, "long name");
                _hasLongName = true;
                return true;
            case (byte)'K':
                ReadBody(header, _longLink, "long link name");
                _hasLongLink = true;
                return true;
            default:
                return false;
        }
    }

    private void Remember(ReadOnlySpan<byte> records)
    {
        if (_globals.WrittenCount + records.Length > MaxHeaderBytes)
        {
            throw TarError.TooMuch($"global pax headers are longer than {MaxHeaderBytes} bytes");
        }

        _globals.Write(records);
    }

    private void ReadBody(TarHeader header, ArrayBufferWriter<byte> body, string what)
    {
        long size = HeaderSize(header, what);
        if (size > MaxHeaderBytes)
        {
            throw TarError.TooMuch($"{what} at byte {Position} is {size} bytes, more than {MaxHeaderBytes}");
        }

        _buffer.Advance(TarHeader.Size);
        body.ResetWrittenCount();
        while (body.WrittenCount < size)
        {
            ReadOnlySpan<byte> piece = _buffer.Take(size - body.WrittenCount);
            if (piece.IsEmpty)
            {
                TarError.ThrowTruncated(Position, what);
            }

            body.Write(piece);
        }

        if (!_buffer.Skip(Padding(size)))
        {
            TarError.ThrowTruncated(Position, what);
        }
    }

    private long HeaderSize(TarHeader header, string what) =>
        TarNumber.TryField(header.DataSize, out long size) && size >= 0
            ? size
            : throw TarError.Corrupt($"{what} at byte {Position} has a malformed or negative size");

    /// <summary>Bytes between the end of some data and the next block.</summary>
    private static long Padding(long size) => -size & (TarHeader.Size - 1);

    /// <summary>The next header, checked and not yet consumed; false behind the last entry.</summary>
    private bool TryPeekHeader(out TarHeader header)
    {
        ReadOnlySpan<byte> block = _buffer.Peek(TarHeader.Size);
        header = new TarHeader(block);
        if (block.Length == TarHeader.Size && block.ContainsAnyExcept((byte)0))
        {
            return header.HasValidChecksum()
                ? true
                : throw TarError.Corrupt($"tar header at byte {Position} has a wrong checksum");
        }

        ReadEnd(block);
        return false;
    }

    private void ReadEnd(ReadOnlySpan<byte> block)
    {
        if (block.Length is not 0 and not TarHeader.Size)
        {
            TarError.ThrowTruncated(Position + block.Length, "a header");
        }

        if (block.IsEmpty && _end == TarEnd.Required)
        {
            TarError.ThrowTruncated(Position, "the end marker");
        }

        for (ReadOnlySpan<byte> rest = _buffer.Take(long.MaxValue); !rest.IsEmpty; rest = _buffer.Take(long.MaxValue))
        {
            int data = rest.IndexOfAnyExcept((byte)0);
            if (data >= 0)
            {
                throw TarError.Corrupt($"tar has data at byte {Position - rest.Length + data}, behind its end");
            }
        }
    }
}
