// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layers;

/// <summary>Where the stored bytes of a file belong; everything between the pieces is a hole.</summary>
/// <remarks>GNU tar manual, "Storing Sparse Files". Pieces are sorted, do not overlap and end inside the file.</remarks>
internal sealed class SparseMap
{
    /// <summary>A file with more pieces than this is not an image's, it is an attack on memory.</summary>
    public const int MaxPieces = 128 * 1024;

    private readonly List<(long Offset, long Length)> _pieces = [];

    public int Count => _pieces.Count;

    /// <summary>Bytes that the archive stores for the file.</summary>
    public long StoredBytes { get; private set; }

    public (long Offset, long Length) this[int index] => _pieces[index];

    public void Clear()
    {
        _pieces.Clear();
        StoredBytes = 0;
    }

    public void Add(long offset, long length)
    {
        if (_pieces.Count == MaxPieces)
        {
            throw TarError.TooMuch($"sparse map has more than {MaxPieces} pieces");
        }

        long end = _pieces.Count == 0 ? 0 : _pieces[^1].Offset + _pieces[^1].Length;
        if (offset < end || length < 0 || offset > long.MaxValue - length)
        {
            throw TarError.Corrupt($"sparse map piece {offset}+{length} overlaps or is out of order");
        }

        _pieces.Add((offset, length));
        StoredBytes += length;
    }

    /// <summary>Holds the finished map against the file's size and the bytes that the archive announces.</summary>
    public void Check(long fileSize, long storedBytes)
    {
        (long offset, long length) = _pieces.Count == 0 ? default : _pieces[^1];
        if (offset + length > fileSize)
        {
            throw TarError.Corrupt($"sparse map ends at {offset + length}, the file at {fileSize}");
        }

        if (StoredBytes != storedBytes)
        {
            throw TarError.Corrupt($"sparse map needs {StoredBytes} bytes, the entry stores {storedBytes}");
        }
    }
}
