// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Layers;

/// <summary>Writes a tar archive: ustar headers, and pax records for what they cannot hold. Equal input gives equal bytes.</summary>
/// <remarks>
/// POSIX.1-2017 pax. No clock, user name or host enters the archive. Order is the caller's. The stream is lent; headers
/// and padding are small writes, so it should be buffered.
/// </remarks>
internal sealed class TarWriter(Stream stream)
{
    private static readonly byte[] Zeros = new byte[2 * TarHeader.Size];

    private readonly PaxBody _pax = new();
    private readonly byte[] _extension = new byte[TarHeader.Size];
    private readonly byte[] _block = new byte[TarHeader.Size];
    private long _left;
    private long _padding;

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Starts an entry; exactly its size must follow through <see cref="Write"/>.</summary>
    public void Begin(scoped in TarItem item)
    {
        FinishEntry();
        ReadOnlySpan<byte> name = item.Name;
        if (item.Type == TarType.Directory && !name.EndsWith("/"u8))
        {
            name = (byte[])[.. name, (byte)'/'];
        }

        _pax.Clear();
        UstarBlock.Fill(_block, item, name, _pax);
        if (!_pax.Bytes.IsEmpty)
        {
            WriteExtension(name);
        }

        Put(_block);
        _left = item.Type == TarType.Regular ? item.Size : 0;
        _padding = -_left & (TarHeader.Size - 1);
    }

    /// <summary>The next bytes of the entry's data.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        if (data.Length > _left)
        {
            throw new TareException(ErrorKind.Internal, $"tar entry got {data.Length - _left} bytes too many");
        }

        Put(data);
        _left -= data.Length;
    }

    /// <summary>Writes the end marker; the last call.</summary>
    public void End()
    {
        FinishEntry();
        Put(Zeros);
    }

    private void FinishEntry()
    {
        if (_left > 0)
        {
            throw new TareException(ErrorKind.Internal, $"tar entry lacks {_left} bytes");
        }

        Put(Zeros.AsSpan(0, (int)_padding));
        _padding = 0;
    }

    private void WriteExtension(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> records = _pax.Bytes;
        UstarBlock.FillExtension(_extension, name, records.Length);
        Put(_extension);
        Put(records);
        Put(Zeros.AsSpan(0, -records.Length & (TarHeader.Size - 1)));
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        Position += bytes.Length;
    }
}
