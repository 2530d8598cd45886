// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tare.Images.Layers;

/// <summary>GNU's sparse files in pax archives, versions 0.0 (a record per number), 0.1 (one record) and 1.0 (map in the data).</summary>
/// <remarks>GNU tar manual, "Storing Sparse Files".</remarks>
internal sealed class PaxSparse
{
    private readonly ArrayBufferWriter<byte> _name = new();
    private long? _major;
    private long? _minor;
    private long? _pendingOffset;
    private bool _hasMap;

    /// <summary>The file's own name; the entry's is then a made-up one.</summary>
    public ReadOnlySpan<byte> Name => _name.WrittenSpan;

    /// <summary>Bytes with the holes.</summary>
    public long? FileSize { get; private set; }

    /// <summary>The map that the records hold; empty for 1.0.</summary>
    public SparseMap Map { get; } = new();

    public bool IsSparse => _major is not null || _hasMap;

    /// <summary>Version 1.0: the data begins with the map.</summary>
    public bool MapIsInData => _major == 1;

    public void Clear()
    {
        _name.ResetWrittenCount();
        _major = _minor = _pendingOffset = FileSize = null;
        _hasMap = false;
        Map.Clear();
    }

    /// <summary>False when the record is not about sparse files.</summary>
    public bool TryApply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!key.StartsWith("GNU.sparse."u8))
        {
            return false;
        }

        ReadOnlySpan<byte> what = key["GNU.sparse.".Length..];
        if (what.SequenceEqual("name"u8))
        {
            _name.ResetWrittenCount();
            _name.Write(value);
            return value.Contains((byte)0) ? throw TarError.Corrupt("sparse file's name holds a NUL byte") : true;
        }

        if (what.SequenceEqual("map"u8))
        {
            ReadMap(value);
            return true;
        }

        return TryApplyNumber(what, key, value);
    }

    /// <summary>Throws for a version that nobody defined and for a map cut short.</summary>
    public void Check()
    {
        bool known = (_major ?? 0, _minor ?? 0) is (0, 0) or (0, 1) or (1, 0);
        if (!known || _pendingOffset is not null || (MapIsInData && _hasMap))
        {
            throw TarError.Corrupt($"sparse format {_major}.{_minor} is unknown or its map is cut short");
        }
    }

    private bool TryApplyNumber(ReadOnlySpan<byte> what, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!TarNumber.TryDecimal(value, out long number))
        {
            throw TarError.Corrupt($"pax record {ByteText.Quote(key)} is {ByteText.Quote(value)}, not a number in range");
        }

        if (what.SequenceEqual("major"u8))
        {
            _major = number;
        }
        else if (what.SequenceEqual("minor"u8))
        {
            _minor = number;
        }
        else if (what.SequenceEqual("size"u8) || what.SequenceEqual("realsize"u8))
        {
            FileSize = number;
        }
        else if (what.SequenceEqual("offset"u8))
        {
            AddOffset(number);
        }
        else if (what.SequenceEqual("numbytes"u8))
        {
            AddLength(number);
        }

        return true;
    }

    private void AddOffset(long offset)
    {
        if (_pendingOffset is not null)
        {
            throw TarError.Corrupt("sparse map has two offsets in a row");
        }

        _hasMap = true;
        _pendingOffset = offset;
    }

    private void AddLength(long length)
    {
        Map.Add(_pendingOffset ?? throw TarError.Corrupt("sparse map has a length without an offset"), length);
        _pendingOffset = null;
    }

    private void ReadMap(ReadOnlySpan<byte> text)
    {
        Map.Clear();
        _hasMap = true;
        while (!text.IsEmpty)
        {
            long offset = NextNumber(ref text);
            Map.Add(offset, NextNumber(ref text));
        }
    }

    private static long NextNumber(ref ReadOnlySpan<byte> text)
    {
        int comma = text.IndexOf((byte)',');
        ReadOnlySpan<byte> digits = comma < 0 ? text : text[..comma];
        text = comma < 0 ? default : text[(comma + 1)..];
        return TarNumber.TryDecimal(digits, out long number)
            ? number
            : throw TarError.Corrupt($"sparse map holds {ByteText.Quote(digits)}, not a number in range");
    }
}
