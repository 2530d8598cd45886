// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tare.Images.Layers;

/// <summary>The extended attributes of one entry, in one buffer that is used again for the next.</summary>
internal sealed class XattrSet
{
    private const int MaxCount = 1024;
    private const int MaxNameBytes = 255;
    private const int MaxValueBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<(int Start, int Name, int Value)> _items = [];

    public int Count => _items.Count;

    public ReadOnlySpan<byte> Name(int index) => _bytes.WrittenSpan.Slice(_items[index].Start, _items[index].Name);

    public ReadOnlySpan<byte> Value(int index) =>
        _bytes.WrittenSpan.Slice(_items[index].Start + _items[index].Name, _items[index].Value);

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _items.Clear();
    }

    public bool Contains(ReadOnlySpan<byte> name) => Find(name) >= 0;

    /// <summary>The last value given for a name is the one that counts.</summary>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty || name.Length > MaxNameBytes || value.Length > MaxValueBytes)
        {
            throw TarError.Corrupt(
                $"extended attribute {ByteText.Quote(name)} has {name.Length} bytes of name and {value.Length} of value");
        }

        int old = Find(name);
        if (old < 0 && _items.Count == MaxCount)
        {
            throw TarError.TooMuch($"more than {MaxCount} extended attributes on one entry");
        }

        (int Start, int Name, int Value) item = (_bytes.WrittenCount, name.Length, value.Length);
        _bytes.Write(name);
        _bytes.Write(value);
        if (old < 0)
        {
            _items.Add(item);
        }
        else
        {
            _items[old] = item;
        }
    }

    private int Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _items.Count; i++)
        {
            if (Name(i).SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }
}
