// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper.Log;

/// <summary>The names of a log's files: the one that is written, <c>.1</c> (the newest rotated), <c>.2</c> …</summary>
/// <remarks>
/// A rotated file may be packed by another process, and is called <c>.1.gz</c> then. Both change names only with the lock
/// of the folder, so that a number is one part of the log under either name.
/// </remarks>
/// <param name="folder">lent</param>
/// <param name="current">the name of the file that is written</param>
internal sealed class LogNames(Fd folder, byte[] current)
{
    private const int NumberBytes = 11;
    private const int SuffixBytes = 3;

    /// <summary>Behind the number of a file that was packed.</summary>
    public static ReadOnlySpan<byte> PackedSuffix => ".gz"u8;

    /// <summary>Frees the current name: what has it becomes <c>.1</c>, what is <c>.1</c> becomes <c>.2</c>.</summary>
    /// <param name="maxFiles">no more files than that will be there with the new current one</param>
    /// <returns>false: a packed file is getting its name at this moment, and nothing was done</returns>
    public bool TryRotate(int maxFiles)
    {
        if (maxFiles == 1)
        {
            // not cut to nothing: somebody may be reading it
            folder.TryUnlink(current);
            return true;
        }

        using FileLock? alone = FileLock.TryTake(folder);
        if (alone is null)
        {
            return false;
        }

        Span<byte> from = stackalloc byte[current.Length + NumberBytes + SuffixBytes];
        Span<byte> to = stackalloc byte[current.Length + NumberBytes + SuffixBytes];
        int free = 1;
        while (free < maxFiles - 1 && IsTaken(free, from))
        {
            free++;
        }

        TryUnlink(free, from);

        // from the oldest on, so that a reader that goes from new to old meets each file
        for (; free > 1; free--)
        {
            TryRename(Name(free - 1, default, from), Name(free, default, to));
            TryRename(Name(free - 1, PackedSuffix, from), Name(free, PackedSuffix, to));
        }

        TryRename(current, Name(1, default, to));
        return true;
    }

    /// <summary>Removes rotated files that fewer allowed files leave no place for.</summary>
    public void Trim(int maxFiles)
    {
        Span<byte> name = stackalloc byte[current.Length + NumberBytes + SuffixBytes];
        for (int number = maxFiles; TryUnlink(number, name); number++)
        {
        }
    }

    private bool IsTaken(int number, Span<byte> buffer) =>
        folder.TryStatus(Name(number, default, buffer)) is not null
        || folder.TryStatus(Name(number, PackedSuffix, buffer)) is not null;

    private bool TryUnlink(int number, Span<byte> buffer) =>
        folder.TryUnlink(Name(number, default, buffer)) | folder.TryUnlink(Name(number, PackedSuffix, buffer));

    private void TryRename(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        try
        {
            folder.Rename(from, folder, to);
        }
        catch (LinuxException gone) when (gone.Errno == Errno.ENOENT)
        {
            // it is packed, is not, or somebody tidied up
        }
    }

    private ReadOnlySpan<byte> Name(int number, ReadOnlySpan<byte> suffix, Span<byte> buffer)
    {
        current.CopyTo(buffer);
        buffer[current.Length] = (byte)'.';
        Utf8Formatter.TryFormat(number, buffer[(current.Length + 1)..], out int digits);
        int end = current.Length + 1 + digits;
        suffix.CopyTo(buffer[end..]);
        return buffer[..(end + suffix.Length)];
    }
}
