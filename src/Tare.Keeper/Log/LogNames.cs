// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper.Log;

/// <summary>The names of a log's files: the one that is written, <c>.1</c> (the newest rotated), <c>.2</c> …</summary>
/// <param name="folder">lent</param>
/// <param name="current">the name of the file that is written</param>
internal sealed class LogNames(Fd folder, byte[] current)
{
    private const int NumberBytes = 11;

    /// <summary>Frees the current name: what has it becomes <c>.1</c>, what is <c>.1</c> becomes <c>.2</c>.</summary>
    /// <param name="maxFiles">no more files than that will be there with the new current one</param>
    public void Rotate(int maxFiles)
    {
        if (maxFiles == 1)
        {
            // not cut to nothing: somebody may be reading it
            folder.TryUnlink(current);
            return;
        }

        Span<byte> from = stackalloc byte[current.Length + NumberBytes];
        Span<byte> to = stackalloc byte[current.Length + NumberBytes];
        int free = 1;
        while (free < maxFiles - 1 && folder.TryStatus(Name(free, from)) is not null)
        {
            free++;
        }

        // from the oldest on, so that a reader that goes from new to old meets each file
        for (; free > 1; free--)
        {
            TryRename(Name(free - 1, from), Name(free, to));
        }

        TryRename(current, Name(1, to));
    }

    /// <summary>Removes rotated files that fewer allowed files leave no place for.</summary>
    public void Trim(int maxFiles)
    {
        Span<byte> name = stackalloc byte[current.Length + NumberBytes];
        for (int number = maxFiles; folder.TryUnlink(Name(number, name)); number++)
        {
        }
    }

    private void TryRename(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        try
        {
            folder.Rename(from, folder, to);
        }
        catch (LinuxException gone) when (gone.Errno == Errno.ENOENT)
        {
            // somebody tidied up
        }
    }

    private ReadOnlySpan<byte> Name(int number, Span<byte> buffer)
    {
        current.CopyTo(buffer);
        buffer[current.Length] = (byte)'.';
        Utf8Formatter.TryFormat(number, buffer[(current.Length + 1)..], out int digits);
        return buffer[..(current.Length + 1 + digits)];
    }
}
