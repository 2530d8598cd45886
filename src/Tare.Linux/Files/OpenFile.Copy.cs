// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

internal static unsafe partial class OpenFile
{
    private const int CopyBufferBytes = 256 * 1024;
    private const long CopyChunkBytes = 1 << 30;

    /// <summary>Copies a regular file's content to the empty file <paramref name="to"/>; holes stay holes.</summary>
    public static void CopyContentTo(this Fd from, Fd to)
    {
        if (Libc.ioctl(to.Raw, Libc.FICLONE, from.Raw) == 0)
        {
            return;
        }

        long size = from.Status().Size;
        to.SetLength(size);
        for (long at = 0; at < size;)
        {
            long data = Libc.lseek(from.Raw, at, Libc.SEEK_DATA);
            if (data < 0)
            {
                // ENXIO: nothing but a hole up to the end
                if (Libc.LastErrno == Errno.ENXIO)
                {
                    return;
                }

                throw Failed("lseek");
            }

            long hole = Libc.Check((nint)Libc.lseek(from.Raw, data, Libc.SEEK_HOLE), "lseek");
            CopyRange(from, data, to, data, hole - data);
            at = hole;
        }
    }

    /// <summary>Copies bytes inside the kernel where it can; returns fewer than asked for only at the end of the file.</summary>
    public static long CopyRange(this Fd from, long fromOffset, Fd to, long toOffset, long length)
    {
        long done = 0;
        while (done < length)
        {
            long f = fromOffset + done;
            long t = toOffset + done;
            nuint chunk = (nuint)Math.Min(length - done, CopyChunkBytes);
            nint n = Libc.copy_file_range(from.Raw, &f, to.Raw, &t, chunk, 0);
            if (n < 0)
            {
                switch (Libc.LastErrno)
                {
                    case Errno.EINTR:
                        continue;
                    case Errno.EXDEV or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOSYS:
                        return done + CopyByHand(from, fromOffset + done, to, toOffset + done, length - done);
                    default:
                        throw Failed("copy_file_range");
                }
            }

            // files of /proc say 0 although they have content
            if (n == 0)
            {
                return done + CopyByHand(from, fromOffset + done, to, toOffset + done, length - done);
            }

            done += n;
        }

        return done;
    }

    private static long CopyByHand(Fd from, long fromOffset, Fd to, long toOffset, long length)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBufferBytes);
        try
        {
            long done = 0;
            while (done < length)
            {
                int n = from.ReadAt(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - done)), fromOffset + done);
                if (n == 0)
                {
                    break;
                }

                to.WriteAt(buffer.AsSpan(0, n), toOffset + done);
                done += n;
            }

            return done;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
