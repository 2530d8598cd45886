// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

internal static unsafe partial class OpenFile
{
    private const int FirstReadBytes = 4096;

    /// <summary>Reads once; 0 at the end. EAGAIN of a non-blocking descriptor is thrown.</summary>
    public static int Read(this Fd file, Span<byte> buffer) =>
        TryRead(file, buffer) ?? throw new LinuxException(Errno.EAGAIN, "read");

    /// <summary>As <see cref="Read"/>; null when a non-blocking descriptor has nothing now.</summary>
    public static int? TryRead(this Fd file, Span<byte> buffer)
    {
        // SAFETY: the span is pinned for the call and its length is passed with it (here and below)
        fixed (byte* p = buffer)
        {
            nint n;
            do
            {
                n = Libc.read(file.Raw, p, (nuint)buffer.Length);
            }
            while (n < 0 && Libc.LastErrno == Errno.EINTR);
            return n >= 0 ? (int)n : Libc.LastErrno == Errno.EAGAIN ? null : throw Failed("read");
        }
    }

    /// <summary>Reads at a place without moving the position; fewer bytes only at the end.</summary>
    public static int ReadAt(this Fd file, Span<byte> buffer, long offset)
    {
        int done = 0;
        fixed (byte* p = buffer)
        {
            while (done < buffer.Length)
            {
                nint n = Libc.pread(file.Raw, p + done, (nuint)(buffer.Length - done), offset + done);
                if (n == 0)
                {
                    break;
                }

                if (n < 0 && Libc.LastErrno != Errno.EINTR)
                {
                    throw Failed("pread");
                }

                done += (int)Math.Max(n, 0);
            }
        }

        return done;
    }

    /// <summary>Writes once, maybe not all; null when a non-blocking descriptor is full.</summary>
    public static int? TryWrite(this Fd file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            nint n;
            do
            {
                n = Libc.write(file.Raw, p, (nuint)bytes.Length);
            }
            while (n < 0 && Libc.LastErrno == Errno.EINTR);
            return n >= 0 ? (int)n : Libc.LastErrno == Errno.EAGAIN ? null : throw Failed("write");
        }
    }

    /// <summary>Writes everything to a blocking descriptor.</summary>
    public static void Write(this Fd file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int n = TryWrite(file, bytes) ?? throw new LinuxException(Errno.EAGAIN, "write");
            bytes = bytes[n..];
        }
    }

    /// <summary>Writes everything at a place without moving the position.</summary>
    public static void WriteAt(this Fd file, ReadOnlySpan<byte> bytes, long offset)
    {
        int done = 0;
        fixed (byte* p = bytes)
        {
            while (done < bytes.Length)
            {
                nint n = Libc.pwrite(file.Raw, p + done, (nuint)(bytes.Length - done), offset + done);
                if (n < 0 && Libc.LastErrno != Errno.EINTR)
                {
                    throw Failed("pwrite");
                }

                done += (int)Math.Max(n, 0);
            }
        }
    }

    /// <summary>From the position to the end; EFBIG when that is more than <paramref name="maxBytes"/>.</summary>
    /// <remarks>Works on pipes and on files of /proc, whose size is not known beforehand.</remarks>
    public static byte[] ReadAll(this Fd file, int maxBytes)
    {
        long size = file.Status() is { IsRegular: true } status ? status.Size : 0;

        // one byte more than the file has, so that the end is seen by the second read; one more than allowed
        byte[] buffer = new byte[(int)Math.Min(Math.Max(size, FirstReadBytes), maxBytes) + 1];
        int length = 0;
        int n;
        while ((n = file.Read(buffer.AsSpan(length))) > 0)
        {
            length += n;
            if (length > maxBytes)
            {
                throw new LinuxException(Errno.EFBIG, "read", $"more than {maxBytes} bytes");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxBytes + 1L));
            }
        }

        Array.Resize(ref buffer, length);
        return buffer;
    }

    /// <summary>Moves the position and returns it, in bytes from the start.</summary>
    public static long Seek(this Fd file, long offset, SeekOrigin origin = SeekOrigin.Begin) =>
        Libc.Check((nint)Libc.lseek(file.Raw, offset, (int)origin), "lseek");

    /// <summary>Cuts or grows (with a hole) to <paramref name="length"/> bytes.</summary>
    public static void SetLength(this Fd file, long length) =>
        Libc.Check(Libc.ftruncate(file.Raw, length), "ftruncate");

    /// <summary>Reserves room, so that later writes there cannot meet ENOSPC.</summary>
    public static void Allocate(this Fd file, long offset, long length) =>
        Libc.Check(Libc.fallocate(file.Raw, 0, offset, length), "fallocate");

    /// <summary>Content and metadata of one file (or the names in one directory) are on stable storage afterwards.</summary>
    public static void Sync(this Fd file) => Libc.Check(Libc.fsync(file.Raw), "fsync");

    public static void SyncData(this Fd file) => Libc.Check(Libc.fdatasync(file.Raw), "fdatasync");

    /// <summary>Everything written so far to the file system that holds this file; write errors are reported.</summary>
    public static void SyncFileSystem(this Fd file) => Libc.Check(Libc.syncfs(file.Raw), "syncfs");

    public static void SetNonBlocking(this Fd file, bool on)
    {
        int flags = Libc.Check(Libc.fcntl(file.Raw, Libc.F_GETFL, 0), "fcntl", "F_GETFL");
        int wanted = on ? flags | (int)OpenFlags.NonBlocking : flags & ~(int)OpenFlags.NonBlocking;
        if (wanted != flags)
        {
            Libc.Check(Libc.fcntl(file.Raw, Libc.F_SETFL, wanted), "fcntl", "F_SETFL");
        }
    }
}
