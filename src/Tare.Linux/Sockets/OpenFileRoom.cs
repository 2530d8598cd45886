// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Sockets;

/// <summary>While it lives, this process may open as many files as its hard limit says.</summary>
/// <remarks>
/// The limit counts only where a descriptor is made, and children inherit it: so it is raised for a moment, and what is
/// started later has the limit that it was meant to have. man getrlimit(2), RLIMIT_NOFILE. For one thread.
/// </remarks>
internal readonly unsafe ref struct OpenFileRoom
{
    private const int RLIMIT_NOFILE = 7;

    private readonly ulong _soft;
    private readonly ulong _hard;

    public OpenFileRoom()
    {
        ulong* limit = stackalloc ulong[2];
        if (Libc.syscall(SystemCall.prlimit64, 0, RLIMIT_NOFILE, 0, (nint)limit, 0, 0) == 0)
        {
            (_soft, _hard) = (limit[0], limit[1]);
            Set(_hard);
        }
    }

    public void Dispose() => Set(_soft);

    private void Set(ulong soft)
    {
        if (_soft < _hard)
        {
            ulong* limit = stackalloc ulong[] { soft, _hard };
            _ = Libc.syscall(SystemCall.prlimit64, 0, RLIMIT_NOFILE, (nint)limit, 0, 0, 0);
        }
    }
}
