// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Tare.Build.Attest;

/// <summary>Reads bytes of a file at a place; answers how many there were.</summary>
internal delegate int ReadAt(Span<byte> buffer, long offset);

/// <summary>The rows of a table of an SQLite file.</summary>
/// <remarks>
/// sqlite.org/fileformat2.html. It is a file of an image, so SQLite itself, which believes schemas and runs what they say, never
/// sees it: this walks the pages of one table and nothing else. What is malformed ends the walk of its page. No page is
/// visited twice and no more bytes are read than the file has, however its pages refer to each other. Changes that stand in a
/// write-ahead log beside it are not seen.
/// </remarks>
internal sealed class TableFile
{
    /// <summary>Bytes of one row.</summary>
    public const int MaxRow = 16 << 20;

    private const int HeaderBytes = 100;
    private const int MinPage = 512;
    private const int MaxPage = 65536;
    private const int MaxDepth = 20;
    private const byte Interior = 0x05;
    private const byte Leaf = 0x0D;
    private const int FirstBlobType = 12;

    private readonly ReadAt _read;
    private readonly int _page;
    private readonly int _usable;
    private readonly HashSet<uint> _visited = [];
    private readonly long _pages;
    private long _budget;

    private TableFile(ReadAt read, long length, int page, int reserved)
    {
        (_read, _page, _usable, _pages, _budget) = (read, page, page - reserved, length / page, length);
    }

    /// <summary>Null when it is no such file.</summary>
    /// <param name="read">of the file; lent</param>
    /// <param name="length">of the file</param>
    public static TableFile? TryOpen(ReadAt read, long length)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (read(header, 0) < HeaderBytes || !header.StartsWith("SQLite format 3\0"u8))
        {
            return null;
        }

        int page = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        page = page == 1 ? MaxPage : page;
        int reserved = header[20];
        return page < MinPage || (page & (page - 1)) != 0 || page - reserved < 480 || length < page ? null : new TableFile(read, length, page, reserved);
    }

    /// <summary>What a column of texts or blobs holds in each row of a table, in the order of row numbers; other rows are left out.</summary>
    /// <param name="table">its name, in any case</param>
    /// <param name="column">from 0</param>
    public IEnumerable<byte[]> Column(string table, int column)
    {
        const int NameColumn = 1, RootColumn = 3;
        foreach (byte[] row in Rows(1, 0).ToList())
        {
            if (Value(row, 0).SequenceEqual("table"u8)
                && Encoding.UTF8.GetString(Value(row, NameColumn)).Equals(table, StringComparison.OrdinalIgnoreCase)
                && Number(row, RootColumn) is { } root)
            {
                return Rows(root, 0).Select(found => Value(found, column).ToArray()).Where(static value => value.Length > 0);
            }
        }

        return [];
    }

    private IEnumerable<byte[]> Rows(uint number, int depth)
    {
        if (depth > MaxDepth || Page(number) is not { } page)
        {
            yield break;
        }

        // the first page begins with the header of the file
        int at = number == 1 ? HeaderBytes : 0;
        byte kind = page[at];
        int cells = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(at + 3));
        int pointers = at + (kind == Interior ? 12 : 8);
        for (int i = 0; i < cells && pointers + (2 * i) + 2 <= _usable && kind is Interior or Leaf; i++)
        {
            int cell = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(pointers + (2 * i)));
            if (kind == Interior)
            {
                uint child = cell + 4 <= _usable ? BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(cell)) : 0;
                foreach (byte[] row in Rows(child, depth + 1))
                {
                    yield return row;
                }
            }
            else if (Payload(page, cell) is { } row)
            {
                yield return row;
            }
        }

        if (kind == Interior)
        {
            foreach (byte[] row in Rows(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at + 8)), depth + 1))
            {
                yield return row;
            }
        }
    }

    /// <summary>Null: there is no such page, it was looked at before, or more was read than the file has.</summary>
    private byte[]? Page(uint number)
    {
        if (number < 1 || number > _pages || _budget < _page || !_visited.Add(number))
        {
            return null;
        }

        _budget -= _page;
        var page = new byte[_page];
        return _read(page, (number - 1L) * _page) == _page ? page : null;
    }

    /// <summary>The record of a cell, with what overflowed onto pages of its own.</summary>
    private byte[]? Payload(byte[] page, int cell)
    {
        int at = cell;
        if (!TryVarint(page.AsSpan(0, _usable), ref at, out long length) || !TryVarint(page.AsSpan(0, _usable), ref at, out _)
            || length is < 1 or > MaxRow)
        {
            return null;
        }

        int local = Local((int)length);
        if (at + local + (local < length ? 4 : 0) > _usable || length - local > _budget)
        {
            return null;
        }

        var row = new byte[length];
        page.AsSpan(at, local).CopyTo(row);
        uint next = local < length ? BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at + local)) : 0;
        for (int have = local; have < row.Length;)
        {
            if (Page(next) is not { } more)
            {
                return null;
            }

            int part = Math.Min(row.Length - have, _usable - 4);
            more.AsSpan(4, part).CopyTo(row.AsSpan(have));
            have += part;
            next = BinaryPrimitives.ReadUInt32BigEndian(more);
        }

        return row;
    }

    /// <summary>Bytes of a record that stand in its page.</summary>
    private int Local(int length)
    {
        int most = _usable - 35;
        int least = ((_usable - 12) * 32 / 255) - 23;
        int rest = least + ((length - least) % (_usable - 4));
        return length <= most ? length : rest <= most ? rest : least;
    }

    /// <summary>A text or blob of a record; empty when the column holds something else.</summary>
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> row, int column) =>
        Find(row, column) is { } found && found.Type >= FirstBlobType ? row.Slice(found.At, found.Length) : default;

    /// <summary>A page's number in a record.</summary>
    private static uint? Number(ReadOnlySpan<byte> row, int column)
    {
        if (Find(row, column) is not { Type: >= 1 and <= 4 } found)
        {
            return null;
        }

        uint number = 0;
        foreach (byte one in row.Slice(found.At, found.Length))
        {
            number = (number << 8) | one;
        }

        return number;
    }

    private static (long Type, int At, int Length)? Find(ReadOnlySpan<byte> row, int column)
    {
        int at = 0;
        if (!TryVarint(row, ref at, out long header) || header > row.Length)
        {
            return null;
        }

        long place = header;
        for (int i = 0; at < header && TryVarint(row[..(int)header], ref at, out long type); i++)
        {
            long length = LengthOf(type);
            if (length < 0 || place + length > row.Length)
            {
                return null;
            }

            if (i == column)
            {
                return (type, (int)place, (int)length);
            }

            place += length;
        }

        return null;
    }

    private static long LengthOf(long type) => type switch
    {
        0 or 8 or 9 => 0,
        >= 1 and <= 4 => type,
        5 => 6,
        6 or 7 => 8,
        >= FirstBlobType => (type - FirstBlobType) / 2,
        _ => -1,
    };

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        const int Longest = 9;
        value = 0;
        for (int i = 0; i < Longest && at < bytes.Length; i++)
        {
            byte one = bytes[at++];
            if (i == Longest - 1)
            {
                value = (value << 8) | one;
                return true;
            }

            value = (value << 7) | (byte)(one & 0x7F);
            if (one < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
