// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layers;

/// <summary>One 512-byte header block, read in place.</summary>
/// <remarks>POSIX.1-2017 pax, "ustar Header Block"; GNU tar manual, "Basic Tar Format".</remarks>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int Size = 512;
    public const int SparseSlots = 4;
    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;
    private readonly ReadOnlySpan<byte> _block = block;

    public byte TypeFlag => _block[156];

    public ReadOnlySpan<byte> Name => Text(_block[..100]);

    public ReadOnlySpan<byte> Link => Text(_block.Slice(157, 100));

    public ReadOnlySpan<byte> Mode => _block.Slice(100, 8);

    public ReadOnlySpan<byte> Uid => _block.Slice(108, 8);

    public ReadOnlySpan<byte> Gid => _block.Slice(116, 8);

    public ReadOnlySpan<byte> DataSize => _block.Slice(124, 12);

    public ReadOnlySpan<byte> ModifyTime => _block.Slice(136, 12);

    public ReadOnlySpan<byte> DeviceMajor => _block.Slice(329, 8);

    public ReadOnlySpan<byte> DeviceMinor => _block.Slice(337, 8);

    /// <summary>GNU, old sparse format: the size with the holes.</summary>
    public ReadOnlySpan<byte> RealSize => _block.Slice(483, 12);

    /// <summary>GNU, old sparse format: more of the map follows in blocks of its own.</summary>
    public bool SparseContinues => _block[482] != 0;

    public bool IsUstar => _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    public bool IsGnu => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    /// <summary>What stands before the name and a slash; star's variant has a shorter field.</summary>
    public ReadOnlySpan<byte> Prefix => !IsUstar ? default : Text(_block.Slice(345, IsStar ? 131 : 155));

    private bool IsStar => _block.Slice(508, 4).SequenceEqual("tar\0"u8);

    /// <summary>GNU, old sparse format: offset and length of the map's first entries, 12 bytes each.</summary>
    public ReadOnlySpan<byte> SparseSlot(int index) => _block.Slice(386 + (index * 24), 24);

    /// <summary>The sum over all bytes, the checksum's own counted as spaces; old writers summed signed bytes.</summary>
    public bool HasValidChecksum()
    {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < _block.Length; i++)
        {
            byte b = i is >= ChecksumOffset and < ChecksumOffset + ChecksumLength ? (byte)' ' : _block[i];
            unsigned += b;
            signed += (sbyte)b;
        }

        return TarNumber.TryField(_block.Slice(ChecksumOffset, ChecksumLength), out long stored)
            && (stored == unsigned || stored == signed);
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
