// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>A counter to wait on: how another thread wakes an epoll loop.</summary>
/// <remarks>man eventfd(2)</remarks>
internal sealed class EventFd : IDisposable
{
    /// <summary>For epoll. Lent.</summary>
    public Fd Fd { get; } =
        new(Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd"));

    /// <summary>Makes it readable.</summary>
    public void Signal()
    {
        Span<byte> one = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(one, 1);
        Fd.TryWrite(one);
    }

    /// <summary>How often it was signalled since the last call; never waits.</summary>
    public ulong Take()
    {
        Span<byte> count = stackalloc byte[8];
        return Fd.TryRead(count) is null ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(count);
    }

    public void Dispose() => Fd.Dispose();
}
