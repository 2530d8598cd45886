// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.PowerCut;

/// <summary>Makes the disks that power cuts leave behind.</summary>
/// <remarks>The moments must not go back. One thread at a time.</remarks>
internal sealed class CrashImages(BlockLog log)
{
    /// <summary>What a disk writes whole or not at all. Less would tear the superblock, which no ext4 outlives.</summary>
    private const int Sector = 4096;
    private const int Chunk = 64 << 10;
    private readonly byte[] _durable = (byte[])log.Before.Clone();
    private int _flushed;

    /// <summary>Writes the disk of <paramref name="point"/>.</summary>
    public void Write(CrashPoint point, string file)
    {
        int flush = point.Moment;
        while (flush > 0 && !log.Events[flush - 1].IsFlush)
        {
            flush--;
        }

        Assert.True(flush >= _flushed, "the moments go back");
        for (; _flushed < flush; _flushed++)
        {
            Apply(log.Events[_flushed], _durable, null);
        }

        byte[] disk = _durable;
        if (point.Survival != Survival.None)
        {
            disk = (byte[])_durable.Clone();
            Random? random = point.Survival == Survival.Some ? new(point.Seed) : null;
            for (int i = flush; i < point.Moment; i++)
            {
                Apply(log.Events[i], disk, random);
            }
        }

        Save(disk, file);
    }

    private static void Apply(BlockEvent written, byte[] disk, Random? random)
    {
        // half of them are gone, a quarter is torn
        int fate = random?.Next(4) ?? 0;
        if (written.IsFlush || fate is 2 or 3)
        {
            return;
        }

        for (int at = 0, length; at < written.Bytes.Length; at += length)
        {
            length = Math.Min(Sector - (int)((written.Offset + at) % Sector), written.Bytes.Length - at);
            if (fate == 0 || random!.Next(2) == 0)
            {
                written.Bytes.AsSpan(at, length).CopyTo(disk.AsSpan((int)written.Offset + at));
            }
        }
    }

    private static void Save(byte[] disk, string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.SetLength(disk.Length);
        for (int at = 0; at < disk.Length; at += Chunk)
        {
            ReadOnlySpan<byte> chunk = disk.AsSpan(at, Math.Min(Chunk, disk.Length - at));
            if (chunk.ContainsAnyExcept((byte)0))
            {
                file.Position = at;
                file.Write(chunk);
            }
        }
    }
}
