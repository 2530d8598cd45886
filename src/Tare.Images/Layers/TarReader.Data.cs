// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layers;

/// <summary>The chapter about an entry's data: pieces, holes and what is left of it.</summary>
internal sealed partial class TarReader
{
    private const int SlotsPerExtension = 21;
    private const int SlotLength = 24;
    private const int MaxDigits = 20;

    private readonly long _maxBytes;
    private readonly SparseMap _oldMap = new();
    private SparseMap? _map;
    private int _piece;
    private long _pieceOffset;
    private long _pieceLeft;
    private long _storedLeft;
    private long _stored;

    /// <summary>The next bytes of the entry's data, straight from the buffer; empty at its end. Valid until the next call.</summary>
    /// <param name="offset">where they stand in the file; only for sparse files it is not where the last ones ended</param>
    public ReadOnlySpan<byte> ReadData(out long offset)
    {
        offset = _pieceOffset;
        if (_storedLeft == 0)
        {
            return default;
        }

        while (_pieceLeft == 0)
        {
            (_pieceOffset, _pieceLeft) = _map![_piece++];
        }

        offset = _pieceOffset;
        ReadOnlySpan<byte> data = _buffer.Take(_pieceLeft);
        if (data.IsEmpty)
        {
            TarError.ThrowTruncated(Position, $"entry {Named}");
        }

        _pieceOffset += data.Length;
        _pieceLeft -= data.Length;
        _storedLeft -= data.Length;
        return data;
    }

    private void StartData(TarHeader header, long stored, bool oldSparse)
    {
        _map = null;
        _piece = 0;
        _pieceOffset = 0;
        _pieceLeft = 0;
        Entry.Size = stored;
        bool paxSparse = _pax.Sparse.IsSparse && Entry.Type == TarType.Regular && !oldSparse;
        if (oldSparse)
        {
            ReadOldMap(header);
        }
        else
        {
            _buffer.Advance(TarHeader.Size);
        }

        _stored = _storedLeft = stored;
        if (paxSparse)
        {
            ReadPaxMap();
        }

        Entry.IsSparse = _map is not null;
        Entry.DataPosition = Position;
        if (_map is null)
        {
            _pieceLeft = stored;
        }
        else
        {
            _map.Check(Entry.Size, _storedLeft);
        }
    }

    private void ReadOldMap(TarHeader header)
    {
        _map = _oldMap;
        _map.Clear();
        Entry.Size = Field(header.RealSize, "size");
        bool more = header.SparseContinues;
        for (int i = 0; i < TarHeader.SparseSlots && AddSlot(header.SparseSlot(i)); i++)
        {
        }

        _buffer.Advance(TarHeader.Size);
        while (more)
        {
            ReadOnlySpan<byte> block = _buffer.Peek(TarHeader.Size);
            if (block.Length < TarHeader.Size)
            {
                TarError.ThrowTruncated(Position, $"the sparse map of entry {Named}");
            }

            more = block[504] != 0;
            int used = 0;
            while (used < SlotsPerExtension && AddSlot(block.Slice(used * SlotLength, SlotLength)))
            {
                used++;
            }

            // each extension must bring something, or a stream of them would never end
            if (used == 0)
            {
                throw TarError.Corrupt($"entry {Named} has an empty extension of its sparse map");
            }

            _buffer.Advance(TarHeader.Size);
        }
    }

    private bool AddSlot(ReadOnlySpan<byte> slot)
    {
        if (slot[0] == 0)
        {
            return false;
        }

        _map!.Add(Field(slot[..12], "sparse offset"), Field(slot[12..], "sparse length"));
        return true;
    }

    private void ReadPaxMap()
    {
        _pax.Sparse.Check();
        _map = _pax.Sparse.Map;
        Entry.Size = _pax.Sparse.FileSize ?? throw TarError.Corrupt($"sparse entry {Named} does not tell its size");
        if (_pax.Sparse.MapIsInData)
        {
            ReadMapInData();
        }
    }

    /// <summary>A count and that many pairs of decimal lines, padded to whole blocks, before the file's own bytes.</summary>
    private void ReadMapInData()
    {
        long begin = Position;
        long count = ReadMapLine();
        if (count > SparseMap.MaxPieces)
        {
            throw TarError.TooMuch($"entry {Named} has a sparse map of {count} pieces, more than {SparseMap.MaxPieces}");
        }

        for (long i = 0; i < count; i++)
        {
            long offset = ReadMapLine();
            _map!.Add(offset, ReadMapLine());
        }

        long padding = -(Position - begin) & (TarHeader.Size - 1);
        if (padding > _storedLeft || !_buffer.Skip(padding))
        {
            throw TarError.Corrupt($"entry {Named} ends inside its sparse map");
        }

        _storedLeft -= padding;
    }

    private long ReadMapLine()
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        for (int length = 0; length < MaxDigits && _storedLeft > 0; length++)
        {
            ReadOnlySpan<byte> next = _buffer.Take(1);
            if (next.IsEmpty)
            {
                TarError.ThrowTruncated(Position, $"the sparse map of entry {Named}");
            }

            _storedLeft--;
            if (next[0] == (byte)'\n' && TarNumber.TryDecimal(digits[..length], out long number))
            {
                return number;
            }

            digits[length] = next[0];
        }

        throw TarError.Corrupt($"entry {Named} has a sparse map that is not lines of numbers in range");
    }

    private void SkipData()
    {
        if (!_buffer.Skip(_storedLeft) || !_buffer.Skip(Padding(_stored)))
        {
            TarError.ThrowTruncated(Position, $"entry {Named}");
        }

        _stored = _storedLeft = 0;
    }
}
