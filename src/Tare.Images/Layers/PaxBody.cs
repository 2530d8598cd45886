// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Tare.Linux.Files;

namespace Tare.Images.Layers;

/// <summary>Collects the pax records of one entry.</summary>
/// <remarks>POSIX.1-2017 pax, "pax Extended Header". A record's length counts its own digits.</remarks>
internal sealed class PaxBody
{
    private readonly ArrayBufferWriter<byte> _records = new();

    public ReadOnlySpan<byte> Bytes => _records.WrittenSpan;

    public void Clear() => _records.ResetWrittenCount();

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int rest = key.Length + value.Length + 3;
        int length = rest + Digits(rest);
        length = rest + Digits(length);
        Span<byte> number = stackalloc byte[10];
        Utf8Formatter.TryFormat(length, number, out int digits);
        _records.Write(number[..digits]);
        _records.Write(" "u8);
        _records.Write(key);
        _records.Write("="u8);
        _records.Write(value);
        _records.Write("\n"u8);
    }

    public void Add(ReadOnlySpan<byte> key, long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out int length);
        Add(key, text[..length]);
    }

    /// <summary>Seconds with as many digits behind the point as are needed.</summary>
    public void Add(ReadOnlySpan<byte> key, FileTime time)
    {
        bool negative = time.Seconds < 0 && time.Nanoseconds > 0;
        long seconds = negative ? time.Seconds + 1 : time.Seconds;
        uint fraction = negative ? 1_000_000_000 - time.Nanoseconds : time.Nanoseconds;
        string sign = negative && seconds == 0 ? "-" : "";
        string text = string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{fraction:d9}");
        Add(key, Encoding.ASCII.GetBytes(text.TrimEnd('0').TrimEnd('.')));
    }

    private static int Digits(int number)
    {
        int digits = 1;
        for (; number >= 10; number /= 10)
        {
            digits++;
        }

        return digits;
    }
}
