// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;

namespace Tare.Prove;

/// <summary>Waits for one descriptor with a limit.</summary>
internal static unsafe class Poll
{
    private const short POLLIN = 1;

    public static bool Readable(Fd fd, int milliseconds)
    {
        (int Fd, short Events, short Ready) entry = (fd.Raw, POLLIN, 0);
        long* limit = stackalloc long[] { milliseconds / 1000, milliseconds % 1000 * 1_000_000 };
        nint ready;
        do
        {
            ready = Libc.syscall(SystemCall.ppoll, (nint)(&entry), 1, (nint)limit, 0, 8, 0);
        }
        while (ready < 0 && Libc.LastErrno == Errno.EINTR);

        return ready > 0;
    }
}
