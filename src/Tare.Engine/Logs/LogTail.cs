// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Logs;

/// <summary>Finds where the last lines of one file of a log begin.</summary>
internal static class LogTail
{
    private const int BlockBytes = 64 * 1024;
    private const byte LineEnd = (byte)'\n';

    /// <summary>The place of the first of the last <paramref name="wanted"/> lines.</summary>
    /// <param name="part">lent</param>
    /// <param name="size">nothing behind it counts</param>
    /// <param name="wanted">not negative</param>
    /// <param name="found">how many there are, if fewer</param>
    public static long Find(LogPart part, long size, long wanted, out long found) =>
        part.IsPacked ? FindForwards(part, wanted, out found) : FindBackwards(part, size, wanted, out found);

    private static long FindBackwards(LogPart part, long size, long wanted, out long found)
    {
        byte[] block = new byte[BlockBytes];
        found = 0;
        for (long start = size; start > 0;)
        {
            int length = (int)Math.Min(BlockBytes, start);
            start -= length;
            Span<byte> bytes = block.AsSpan(0, part.ReadAt(block.AsSpan(0, length), start));
            for (int end; (end = bytes.LastIndexOf(LineEnd)) >= 0; bytes = bytes[..end])
            {
                if (found == wanted)
                {
                    return start + end + 1;
                }

                found++;
            }
        }

        return 0;
    }

    /// <summary>Twice from the beginning, as nothing can be read from its end.</summary>
    private static long FindForwards(LogPart part, long wanted, out long found)
    {
        long lines = Pass(part, long.MaxValue, out long end);
        found = Math.Min(lines, wanted);
        if (wanted == 0)
        {
            return end;
        }

        Pass(part, lines - found, out long start);
        return start;
    }

    /// <param name="part">lent</param>
    /// <param name="most">lines that are passed over</param>
    /// <param name="end">behind the last of them</param>
    /// <returns>how many were there</returns>
    private static long Pass(LogPart part, long most, out long end)
    {
        byte[] block = new byte[BlockBytes];
        long lines = 0;
        long position = 0;
        end = 0;
        for (int read; lines < most && (read = part.ReadAt(block, position)) > 0; position += read)
        {
            for (int next = 0, length; lines < most && (length = block.AsSpan(next, read - next).IndexOf(LineEnd)) >= 0; lines++)
            {
                next += length + 1;
                end = position + next;
            }
        }

        return lines;
    }
}
