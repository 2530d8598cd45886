// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Log;

/// <summary>What one stream has written since its last line's end.</summary>
internal sealed class PendingLine
{
    private byte[]? _bytes;

    /// <summary>Bytes that wait here.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>The time of the line's first record, when it is too long for one; all its records carry it.</summary>
    public long? FirstTime { get; set; }

    /// <summary><see cref="RecordFile.Failures"/> when that record was added; -1 when it was dropped at once.</summary>
    public int Failures { get; set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        // most streams write whole lines and never need it
        _bytes ??= IdleMemory.Buffer(LogFile.MaxLineBytes);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Only the last bytes stay.</summary>
    public void KeepLast(int count)
    {
        _bytes.AsSpan(Length - count, count).CopyTo(_bytes);
        Length = count;
    }

    public void Clear() => (Length, FirstTime) = (0, null);
}
