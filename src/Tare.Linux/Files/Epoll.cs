// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>Waits for many descriptors at once, level-triggered.</summary>
/// <remarks>
/// man epoll(7). Every descriptor carries a number that its owner chose. It must be removed before it is closed if a
/// duplicate of it lives elsewhere, or its events go on.
/// </remarks>
internal sealed unsafe class Epoll : IDisposable
{
    private const int MaxEvents = 64;

    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly Fd _epoll = new(Libc.Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create"));

    public void Add(Fd fd, EpollEvents events, ulong data) => Control(Libc.EPOLL_CTL_ADD, fd, events, data);

    public void Change(Fd fd, EpollEvents events, ulong data) => Control(Libc.EPOLL_CTL_MOD, fd, events, data);

    public void Remove(Fd fd) => Control(Libc.EPOLL_CTL_DEL, fd, 0, 0);

    /// <summary>Fills <paramref name="ready"/> (at most 64 are used) and returns how many there are.</summary>
    /// <param name="ready">where the events go</param>
    /// <param name="timeout">null waits for ever; otherwise rounded up to ms; 0 events when it is over</param>
    public int Wait(Span<EpollEvent> ready, TimeSpan? timeout = null)
    {
        byte* buffer = stackalloc byte[MaxEvents * 16];
        int max = Math.Min(ready.Length, MaxEvents);
        long deadline = timeout is { } t ? Environment.TickCount64 + (long)Math.Ceiling(t.TotalMilliseconds) : 0;
        int count;
        do
        {
            int left = timeout is null ? -1 : (int)Math.Clamp(deadline - Environment.TickCount64, 0, int.MaxValue);
            count = Libc.epoll_wait(_epoll.Raw, buffer, max, left);
        }
        while (count < 0 && Libc.LastErrno == Errno.EINTR);
        Libc.Check(count, "epoll_wait");
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> raw = new(buffer + (i * EventBytes), EventBytes);
            ready[i] = new EpollEvent(
                (EpollEvents)BinaryPrimitives.ReadUInt32LittleEndian(raw),
                BinaryPrimitives.ReadUInt64LittleEndian(raw[DataOffset..]));
        }

        return count;
    }

    public void Dispose() => _epoll.Dispose();

    private void Control(int operation, Fd fd, EpollEvents events, ulong data)
    {
        byte* raw = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(raw, 4), (uint)events);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(raw + DataOffset, 8), data);
        Libc.Check(Libc.epoll_ctl(_epoll.Raw, operation, fd.Raw, raw), "epoll_ctl");
    }
}
