// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layers;

/// <summary>Reads <c>LENGTH KEY=VALUE\n</c> records in place.</summary>
/// <remarks>POSIX.1-2017 pax, "pax Extended Header".</remarks>
internal ref struct PaxRecords(ReadOnlySpan<byte> data)
{
    private const int MaxLengthDigits = 7;
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>False at the end; a malformed record is an error.</summary>
    public bool TryRead(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = default;
        value = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        int space = _rest[..Math.Min(_rest.Length, MaxLengthDigits + 1)].IndexOf((byte)' ');
        if (space <= 0 || !TarNumber.TryDecimal(_rest[..space], out long length)
            || length > _rest.Length || length < space + 3)
        {
            throw TarError.Corrupt($"pax record {ByteText.Quote(_rest[..Math.Min(_rest.Length, 24)])} has a wrong length");
        }

        ReadOnlySpan<byte> record = _rest[(space + 1)..(int)length];
        int equals = record.IndexOf((byte)'=');
        if (equals <= 0 || record[^1] != (byte)'\n' || record[..equals].Contains((byte)0))
        {
            throw TarError.Corrupt($"pax record {ByteText.Quote(record)} is not KEY=VALUE and a newline");
        }

        key = record[..equals];
        value = record[(equals + 1)..^1];
        _rest = _rest[(int)length..];
        return true;
    }
}
