// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>Signals of this process as a readable descriptor.</summary>
/// <remarks>
/// man signalfd(2). The signals must be blocked in every thread; a process is born so when its spawner sets the mask
/// (<see cref="SpawnOptions.Blocked"/>). Blocking later reaches the calling thread only.
/// </remarks>
internal sealed class SignalFd : IDisposable
{
    private const int RecordBytes = 128;
    private const int SFD_CLOEXEC = 0x80000;
    private const int SFD_NONBLOCK = 0x800;
    private const int SIG_BLOCK = 0;

    public unsafe SignalFd(SignalSet signals)
    {
        ulong bits = signals.Bits;
        Libc.Check(
            Libc.syscall(SystemCall.rt_sigprocmask, SIG_BLOCK, (nint)(&bits), 0, sizeof(ulong), 0, 0), "sigprocmask");
        nint fd = Libc.syscall(
            SystemCall.signalfd4, -1, (nint)(&bits), sizeof(ulong), SFD_CLOEXEC | SFD_NONBLOCK, 0, 0);
        Fd = new Fd((int)Libc.Check(fd, "signalfd"));
    }

    public Fd Fd { get; }

    /// <summary>The next pending signal, or 0.</summary>
    public int Take()
    {
        Span<byte> record = stackalloc byte[RecordBytes];
        return Fd.TryRead(record) == RecordBytes ? (int)BinaryPrimitives.ReadUInt32LittleEndian(record) : 0;
    }

    public void Dispose() => Fd.Dispose();
}
