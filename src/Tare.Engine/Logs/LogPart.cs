// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;

namespace Tare.Engine.Logs;

/// <summary>One open file of a log, as it was written or packed since; it is read as it was written.</summary>
internal sealed class LogPart : IDisposable
{
    private readonly Fd _file;
    private readonly LogOrigin? _origin;
    private readonly bool _isPacked;
    private readonly byte[] _skipped;
    private GzipReader? _unpacked;
    private long _position;

    private LogPart(Fd file, bool isPacked, LogOrigin? origin)
    {
        (_file, _isPacked, _origin) = (file, isPacked, origin);
        _skipped = isPacked ? new byte[1 << 16] : [];
    }

    /// <summary>It is packed, so nothing comes to it any more.</summary>
    public bool IsPacked => _isPacked;

    /// <summary>Bytes now; of a packed one nobody knows.</summary>
    public long Size => _isPacked ? long.MaxValue : _file.Status().Size;

    /// <summary>Opens a file as it was written; null when there is none of that name or it is no regular file.</summary>
    public static LogPart? TryOpen(Fd folder, byte[] name) =>
        TryOpenRegular(folder, name) is { } file ? new(file, false, null) : null;

    /// <summary>Opens a packed file; null when there is none of that name or it is no regular file.</summary>
    public static LogPart? TryOpenPacked(Fd folder, byte[] name)
    {
        if (TryOpenRegular(folder, name) is not { } file)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[LogOrigin.MemberBytes];
        return new(file, true, LogOrigin.TryRead(head[..file.ReadAt(head, 0)]));
    }

    /// <summary>They hold the same records: one file, or what it was packed to.</summary>
    public bool IsSame(LogPart other)
    {
        if (_isPacked == other._isPacked && _file.Status().SameFile(other._file.Status()))
        {
            return true;
        }

        return (_isPacked || other._isPacked) && Origin is { } mine && mine == other.Origin;
    }

    /// <summary>It has this name now.</summary>
    public bool IsNamed(Fd folder, byte[] name) =>
        !_isPacked && folder.TryStatus(name) is { } named && named.SameFile(_file.Status());

    /// <summary>Reads with one call what stands at a place of the file as it was written.</summary>
    /// <returns>bytes; less than asked for at its end, or where a packed file is damaged</returns>
    /// <remarks>A packed file is unpacked from its beginning when the place is before that of the call before.</remarks>
    public int ReadAt(Span<byte> buffer, long position)
    {
        if (!_isPacked)
        {
            return _file.ReadAt(buffer, position);
        }

        try
        {
            Seek(position);
            return _position == position ? Fill(buffer) : 0;
        }
        catch (CompressionException)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        _unpacked?.Dispose();
        _file.Dispose();
    }

    private LogOrigin? Origin => _isPacked ? _origin : LogOrigin.Of(_file.Status());

    private static Fd? TryOpenRegular(Fd folder, byte[] name)
    {
        Fd? file = folder.TryOpen(name, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (file is null || file.Status().IsRegular)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    private void Seek(long position)
    {
        if (_unpacked is null || position < _position)
        {
            _unpacked?.Dispose();
            _file.Seek(0);
            _unpacked = new GzipReader(new FdStream(_file, leaveOpen: true));
            _position = 0;
        }

        while (_position < position)
        {
            if (Fill(_skipped.AsSpan(0, (int)Math.Min(_skipped.Length, position - _position))) == 0)
            {
                return;
            }
        }
    }

    private int Fill(Span<byte> buffer)
    {
        int read = _unpacked!.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        _position += read;
        return read;
    }
}
