// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Sockets;

/// <summary>A pipe through which bytes go from one socket to another without being copied into this process.</summary>
/// <remarks>man splice(2)</remarks>
internal sealed unsafe class SplicePipe : IDisposable
{
    /// <summary>Bytes that are wanted in it at a time.</summary>
    public const int Capacity = 1024 * 1024;

    private readonly Pipe _pipe = new(nonBlocking: true);

    public SplicePipe()
    {
        // a user with many pipes may be refused; it then works with the kernel's default
        _ = Libc.fcntl(_pipe.Writer.Raw, Libc.F_SETPIPE_SZ, Capacity);
    }

    /// <summary>Bytes that are in it.</summary>
    public int Held { get; private set; }

    /// <summary>Takes bytes from a socket; 0 at its end, null when it has nothing now. Only when nothing is held.</summary>
    public int? TryFill(Fd from)
    {
        int? n = Move(from, _pipe.Writer, Capacity);
        Held += n ?? 0;
        return n;
    }

    /// <summary>Gives bytes to a socket; false when it has no room for all of them now.</summary>
    public bool TryDrain(Fd to)
    {
        while (Held > 0)
        {
            if (Move(_pipe.Reader, to, Held) is not { } n)
            {
                return false;
            }

            Held -= n;
        }

        return true;
    }

    public void Dispose() => _pipe.Dispose();

    private static int? Move(Fd from, Fd to, int length)
    {
        nint n;
        do
        {
            const uint Flags = Libc.SPLICE_F_MOVE | Libc.SPLICE_F_NONBLOCK;
            n = Libc.splice(from.Raw, null, to.Raw, null, (nuint)length, Flags);
        }
        while (n < 0 && Libc.LastErrno == Errno.EINTR);
        return n >= 0 ? (int)n
            : Libc.LastErrno == Errno.EAGAIN ? null
            : throw new LinuxException(Libc.LastErrno, "splice");
    }
}
