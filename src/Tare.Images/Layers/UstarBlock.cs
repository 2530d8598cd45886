// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Layers;

/// <summary>Fills a 512-byte ustar header; what it cannot hold goes to pax records.</summary>
/// <remarks>POSIX.1-2017 pax, "ustar Header Block". Records are added in a fixed order.</remarks>
internal static class UstarBlock
{
    private const int NameLength = 100;
    private const int PrefixLength = 155;
    private const long MaxOctal7 = (1L << 21) - 1;
    private const long MaxOctal11 = (1L << 33) - 1;

    /// <param name="block">512 bytes, overwritten</param>
    /// <param name="item">what to write</param>
    /// <param name="name">the item's name as it is to stand in the archive</param>
    /// <param name="pax">gets the records</param>
    public static void Fill(Span<byte> block, scoped in TarItem item, ReadOnlySpan<byte> name, PaxBody pax)
    {
        if (name.IsEmpty || name.Contains((byte)0) || item.Link.Contains((byte)0) || item.Size < 0)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"tar entry {ByteText.Quote(name)} cannot be written");
        }

        Begin(block, (byte)item.Type);
        Octal(block.Slice(100, 8), item.Mode);
        FillTimes(block, item, pax);
        Number(block.Slice(116, 8), item.Gid, MaxOctal7, "gid"u8, pax);
        FillLink(block, item.Link, pax);
        FillName(block, name, pax);
        Number(block.Slice(124, 12), item.Type == TarType.Regular ? item.Size : 0, MaxOctal11, "size"u8, pax);
        Number(block.Slice(108, 8), item.Uid, MaxOctal7, "uid"u8, pax);
        Number(block.Slice(329, 8), item.Device.Major, MaxOctal7, "SCHILY.devmajor"u8, pax);
        Number(block.Slice(337, 8), item.Device.Minor, MaxOctal7, "SCHILY.devminor"u8, pax);
        FillXattrs(item.Xattrs, pax);
        Seal(block);
    }

    /// <summary>The header of a body of pax records.</summary>
    public static void FillExtension(Span<byte> block, ReadOnlySpan<byte> name, int length)
    {
        Begin(block, (byte)'x');
        ReadOnlySpan<byte> last = name.TrimEnd((byte)'/');
        last = last[(last.LastIndexOf((byte)'/') + 1)..];
        "PaxHeaders.0/"u8.CopyTo(block);
        last[..Math.Min(last.Length, NameLength - 13)].CopyTo(block[13..]);
        Octal(block.Slice(100, 8), 0b110_100_100);
        Octal(block.Slice(108, 8), 0);
        Octal(block.Slice(116, 8), 0);
        Octal(block.Slice(124, 12), length);
        Octal(block.Slice(136, 12), 0);
        Seal(block);
    }

    private static void Begin(Span<byte> block, byte typeFlag)
    {
        block.Clear();
        block[156] = typeFlag;
        "ustar\0"u8.CopyTo(block[257..]);
        "00"u8.CopyTo(block[263..]);
        Octal(block.Slice(329, 8), 0);
        Octal(block.Slice(337, 8), 0);
    }

    private static void FillTimes(Span<byte> block, scoped in TarItem item, PaxBody pax)
    {
        if (item.AccessTime is { } accessed)
        {
            pax.Add("atime"u8, accessed);
        }

        bool fits = item.ModifyTime is { Seconds: >= 0 and <= MaxOctal11, Nanoseconds: 0 };
        Octal(block.Slice(136, 12), Math.Clamp(item.ModifyTime.Seconds, 0, MaxOctal11));
        if (!fits)
        {
            pax.Add("mtime"u8, item.ModifyTime);
        }
    }

    private static void FillLink(Span<byte> block, ReadOnlySpan<byte> link, PaxBody pax)
    {
        link[..Math.Min(link.Length, NameLength)].CopyTo(block[157..]);
        if (link.Length > NameLength)
        {
            pax.Add("linkpath"u8, link);
        }
    }

    private static void FillName(Span<byte> block, ReadOnlySpan<byte> name, PaxBody pax)
    {
        if (name.Length <= NameLength)
        {
            name.CopyTo(block);
            return;
        }

        // a slash with at most 155 bytes before it and 1 to 100 behind it
        int slash = name[..Math.Min(name.Length - 1, PrefixLength + 1)].LastIndexOf((byte)'/');
        if (slash > 0 && name.Length - slash - 1 <= NameLength)
        {
            name[..slash].CopyTo(block[345..]);
            name[(slash + 1)..].CopyTo(block);
            return;
        }

        name[..NameLength].CopyTo(block);
        pax.Add("path"u8, name);
    }

    private static void FillXattrs(XattrSet? xattrs, PaxBody pax)
    {
        if (xattrs is null)
        {
            return;
        }

        int[] order = [.. Enumerable.Range(0, xattrs.Count)];
        Array.Sort(order, (a, b) => xattrs.Name(a).SequenceCompareTo(xattrs.Name(b)));
        foreach (int i in order)
        {
            if (xattrs.Name(i).ContainsAny((byte)'=', (byte)0))
            {
                throw new TareException(
                    ErrorKind.InvalidArgument, $"extended attribute {ByteText.Quote(xattrs.Name(i))} cannot be written");
            }

            pax.Add((byte[])[.. "SCHILY.xattr."u8, .. xattrs.Name(i)], xattrs.Value(i));
        }
    }

    private static void Number(Span<byte> field, long value, long max, ReadOnlySpan<byte> key, PaxBody pax)
    {
        Octal(field, value <= max ? value : 0);
        if (value > max)
        {
            pax.Add(key, value);
        }
    }

    /// <summary>Zero-padded digits and a NUL.</summary>
    private static void Octal(Span<byte> field, long value)
    {
        for (int i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }

        field[^1] = 0;
    }

    private static void Seal(Span<byte> block)
    {
        Span<byte> checksum = block.Slice(148, 8);
        checksum.Fill((byte)' ');
        int sum = 0;
        foreach (byte b in block)
        {
            sum += b;
        }

        Octal(checksum[..7], sum);
    }
}
