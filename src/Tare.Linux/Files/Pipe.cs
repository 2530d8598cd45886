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

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
