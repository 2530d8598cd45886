// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>A timer of the monotonic clock to wait on; jumps of the wall clock do not concern it.</summary>
/// <remarks>man timerfd_create(2)</remarks>
internal sealed unsafe class TimerFd : IDisposable
{
    /// <summary>For epoll: readable once the time is over. Lent.</summary>
    public Fd Fd { get; } = new(Libc.Check(
        Libc.timerfd_create(Libc.CLOCK_MONOTONIC, Libc.TFD_CLOEXEC | Libc.TFD_NONBLOCK), "timerfd_create"));

    /// <summary>Starts anew; zero goes off at once.</summary>
    public void Start(TimeSpan after)
    {
        // 0 would stop the timer
        long ticks = Math.Max(after.Ticks, 1);
        Set(ticks);
    }

    public void Stop() => Set(0);

    /// <summary>True when it went off since the last call; never waits.</summary>
    public bool Take()
    {
        Span<byte> count = stackalloc byte[8];
        return Fd.TryRead(count) is not null && BinaryPrimitives.ReadUInt64LittleEndian(count) > 0;
    }

    public void Dispose() => Fd.Dispose();

    private void Set(long ticks)
    {
        Libc.itimerspec value = default;
        value.it_value.tv_sec = ticks / TimeSpan.TicksPerSecond;
        value.it_value.tv_nsec = ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
        Libc.Check(Libc.timerfd_settime(Fd.Raw, 0, &value, null), "timerfd_settime");
    }
}
