// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>A pipe; both ends are owned by this object until they are taken out by duplicating or disposing it.</summary>
/// <remarks>man pipe(2)</remarks>
internal sealed unsafe class Pipe : IDisposable
{
    public Pipe(bool nonBlocking = false)
    {
        int* ends = stackalloc int[2];
        OpenFlags flags = nonBlocking ? OpenFlags.NonBlocking : 0;
        Libc.Check(Libc.pipe2(ends, flags.ToNative()), "pipe");
        Reader = new Fd(ends[0]);
        Writer = new Fd(ends[1]);
    }

    public Fd Reader { get; }

    public Fd Writer { get; }

    /// <summary>The number by which <see cref="Processes.OpenPipes"/> finds this pipe in other processes.</summary>
    public ulong Inode => Reader.Status().Inode;

    /// <summary>The same pipe for reading and writing at once: whoever writes there gets no SIGPIPE when all readers died.</summary>
    /// <remarks>man fifo(7). The caller owns it. End of file comes when it and all other writers are closed.</remarks>
    public Fd OpenBothWays()
    {
        CString path = ProcPath.Of(Writer);
        fixed (byte* p = path)
        {
            return new Fd(Libc.Check(Libc.openat(Libc.AT_FDCWD, p, OpenFlags.ReadWrite.ToNative(), 0), "open", "pipe"));
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
