// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>The memory of a launch program while it is built; offsets here count from the start of the data.</summary>
internal sealed class ProgramData
{
    private const int TypicalLength = 8 << 10;

    private readonly List<byte> _bytes = new(TypicalLength);
    private readonly List<int> _pointers = [];
    private readonly Dictionary<object, int> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<byte[], int> _texts = new(TextContent.Comparer);

    public static int Align(int offset, int width) => (offset + width - 1) & -width;

    /// <summary>Where this argument's memory is; the same for every later call with the same argument.</summary>
    public int Place(Arg arg)
    {
        if (arg.Kind == ArgKind.Text)
        {
            return PlaceText(arg.Content);
        }

        if (!_places.TryGetValue(arg.Memory, out int place))
        {
            place = arg.Kind switch
            {
                ArgKind.Memory => Append(arg.Content),
                ArgKind.Strings => PlaceStrings(arg.Texts),
                ArgKind.Block => PlaceBlock(arg.Fields),
                _ => throw new ArgumentException($"{arg.Kind} is not memory"),
            };
            _places.Add(arg.Memory, place);
        }

        return place;
    }

    /// <summary>Header, calls, slots, relocations and data in one block.</summary>
    public byte[] Lay(ReadOnlySpan<CallRecord> calls, int slotCount, int givenCount)
    {
        var header = new ProgramHeader
        {
            Magic = ProgramHeader.ExpectedMagic,
            CallsOffset = Align(Unsafe.SizeOf<ProgramHeader>(), 8),
            CallCount = calls.Length,
            SlotCount = slotCount,
            GivenCount = givenCount,
        };
        header.SlotsOffset = header.CallsOffset + (calls.Length * Unsafe.SizeOf<CallRecord>());
        header.RelocationsOffset = header.SlotsOffset + (8 * slotCount);
        header.RelocationCount = _pointers.Count;
        header.DataOffset = Align(header.RelocationsOffset + (4 * _pointers.Count), 16);
        header.Length = header.DataOffset + _bytes.Count;
        byte[] program = new byte[header.Length];
        MemoryMarshal.Write(program, header);
        Span<CallRecord> moved = MemoryMarshal.Cast<byte, CallRecord>(program.AsSpan(header.CallsOffset))[..calls.Length];
        calls.CopyTo(moved);
        foreach (ref CallRecord call in moved)
        {
            MovePointers(ref call, header.DataOffset);
        }

        Span<byte> data = program.AsSpan(header.DataOffset);
        CollectionsMarshal.AsSpan(_bytes).CopyTo(data);
        for (int i = 0; i < _pointers.Count; i++)
        {
            Span<byte> word = data[_pointers[i]..];
            BinaryPrimitives.WriteInt64LittleEndian(
                word, BinaryPrimitives.ReadInt64LittleEndian(word) + header.DataOffset);
            BinaryPrimitives.WriteInt32LittleEndian(
                program.AsSpan(header.RelocationsOffset + (4 * i)), header.DataOffset + _pointers[i]);
        }

        return program;
    }

    private static unsafe void MovePointers(ref CallRecord call, int by)
    {
        for (int i = 0; i < CallRecord.MaxArgs; i++)
        {
            if (((call.Kinds >> (2 * i)) & 3) == CallRecord.KindPointer)
            {
                call.Args[i] += by;
            }
        }
    }

    private int PlaceText(byte[] terminated)
    {
        if (!_texts.TryGetValue(terminated, out int place))
        {
            place = Append(terminated, alignment: 1);
            _texts.Add(terminated, place);
        }

        return place;
    }

    private int PlaceStrings(IReadOnlyList<byte[]> texts)
    {
        int[] places = [.. texts.Select(PlaceText)];
        int array = Append(new byte[8 * (places.Length + 1)]);
        for (int i = 0; i < places.Length; i++)
        {
            PointAt(array + (8 * i), places[i]);
        }

        return array;
    }

    private int PlaceBlock(ReadOnlySpan<Field> fields)
    {
        int length = 0;
        foreach (Field field in fields)
        {
            length = Align(length, field.Width) + field.Length;
        }

        int block = Append(new byte[Align(length, 8)]);
        int offset = 0;
        foreach (Field field in fields)
        {
            offset = Align(offset, field.Width);
            WriteField(field, block + offset);
            offset += field.Length;
        }

        return block;
    }

    private void WriteField(Field field, int place)
    {
        if (field.Target is { } target)
        {
            PointAt(place, Place(target));
            return;
        }

        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, field.Value);
        ReadOnlySpan<byte> bytes = field.Raw ?? value[..field.Width];
        bytes.CopyTo(CollectionsMarshal.AsSpan(_bytes)[place..]);
    }

    private void PointAt(int word, int place)
    {
        BinaryPrimitives.WriteInt64LittleEndian(CollectionsMarshal.AsSpan(_bytes)[word..], place);
        _pointers.Add(word);
    }

    private int Append(byte[] content, int alignment = 8)
    {
        int place = Align(_bytes.Count, alignment);
        CollectionsMarshal.SetCount(_bytes, place);
        _bytes.AddRange(content);
        return place;
    }
}
