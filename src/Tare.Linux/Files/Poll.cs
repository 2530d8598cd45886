// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>Waits for a few descriptors of any kind; unlike <see cref="Epoll"/> also for regular files, always ready.</summary>
/// <remarks>man poll(2)</remarks>
internal static unsafe class Poll
{
    private const int MaxEntries = 16;

    /// <summary>It is readable now.</summary>
    public static bool IsReady(Fd fd) => Wait([new PollEntry(fd, EpollEvents.Readable)], TimeSpan.Zero);

    /// <summary>Waits and fills <see cref="PollEntry.Ready"/>; false when the time is over.</summary>
    /// <param name="entries">at most 16; those without a wish are left out</param>
    /// <param name="timeout">null waits for ever; rounded up to ms</param>
    public static bool Wait(Span<PollEntry> entries, TimeSpan? timeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries.Length, MaxEntries);
        Libc.pollfd* native = stackalloc Libc.pollfd[MaxEntries];
        for (int i = 0; i < entries.Length; i++)
        {
            bool waits = entries[i].Wanted != EpollEvents.None && entries[i].Fd is not null;

            // the bits of poll and epoll are the same numbers; a negative descriptor is skipped
            native[i].fd = waits ? entries[i].Fd!.Raw : -1;
            native[i].events = (short)entries[i].Wanted;
        }

        int milliseconds = timeout is { } t ? (int)Math.Min(int.MaxValue, Math.Ceiling(t.TotalMilliseconds)) : -1;
        int count;
        do
        {
            count = Libc.poll(native, (nuint)entries.Length, milliseconds);
        }
        while (count < 0 && Libc.LastErrno == Errno.EINTR);
        Libc.Check(count, "poll");
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i].Ready = (EpollEvents)(ushort)native[i].revents;
        }

        return count > 0;
    }
}
