// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Hostile;

/// <summary>A tar header of which every byte can be set wrong. Text is Latin-1: one char, one byte.</summary>
public sealed class RawHeader
{
    public byte[] Block { get; } = new byte[512];

    public bool KeepChecksum { get; set; }

    public RawHeader(string name, char type = '0', long size = 0)
    {
        Name = name;
        Type = type;
        Text(257, 6, "ustar\0");
        Text(263, 2, "00");
        Mode = type == '5' ? 0x1ED : 0x1A4;
        Octal(108, 8, 0);
        Octal(116, 8, 0);
        Size = size;
        Octal(136, 12, 0);
    }

    public string Name { set => Text(0, 100, value); }

    public string Link { set => Text(157, 100, value); }

    public char Type { set => Block[156] = (byte)value; }

    public long Mode { set => Octal(100, 8, value); }

    public long Uid { set => Octal(108, 8, value); }

    public long Gid { set => Octal(116, 8, value); }

    public long Size { set => Octal(124, 12, value); }

    public long Time { set => Octal(136, 12, value); }

    public (long Major, long Minor) Device
    {
        set
        {
            Octal(329, 8, value.Major);
            Octal(337, 8, value.Minor);
        }
    }

    public RawHeader Gnu()
    {
        Text(257, 8, "ustar  \0");
        return this;
    }

    public RawHeader V7()
    {
        Block.AsSpan(257).Clear();
        return this;
    }

    public RawHeader Text(int offset, int length, string text)
    {
        Block.AsSpan(offset, length).Clear();
        Encoding.Latin1.GetBytes(text).AsSpan().CopyTo(Block.AsSpan(offset, length));
        return this;
    }

    public RawHeader Octal(int offset, int length, long value) =>
        Text(offset, length, Convert.ToString(value, 8).PadLeft(length - 1, '0')[^(length - 1)..]);

    /// <summary>Base-256, two's complement.</summary>
    public RawHeader Binary(int offset, int length, Int128 value)
    {
        for (int i = length - 1; i >= 0; i--, value >>= 8)
        {
            Block[offset + i] = (byte)value;
        }

        Block[offset] |= 0x80;
        return this;
    }

    public byte[] Sealed()
    {
        if (!KeepChecksum)
        {
            Text(148, 8, "        ");
            int sum = Block.Sum(b => b);
            Text(148, 8, Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ");
        }

        return Block;
    }
}
