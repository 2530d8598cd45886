// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>A private mapping with a frame and a relocated copy of a program; the child works on its own copy of it.</summary>
internal sealed unsafe class LaunchMemory : IDisposable
{
    private const int FrameRoom = 512;

    /// <summary>Signals that stop or crash the receiver itself are not for forwarding.</summary>
    private const ulong NotForwarded =
        (1UL << (4 - 1)) | (1UL << (5 - 1)) | (1UL << (6 - 1)) | (1UL << (7 - 1)) | (1UL << (8 - 1))
        | (1UL << (11 - 1)) | (1UL << (21 - 1)) | (1UL << (22 - 1)) | (1UL << (31 - 1));

    private readonly nuint _length;
    private byte* _start;

    public LaunchMemory(LaunchProgram program, ReadOnlySpan<Fd?> given)
    {
        ReadOnlySpan<byte> bytes = program.Bytes;
        _length = (nuint)(FrameRoom + bytes.Length);
        void* start = Libc.mmap(
            null, _length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        Libc.Check((nint)start, "mmap");
        _start = (byte*)start;
        byte* copy = _start + FrameRoom;

        // SAFETY: LaunchProgram.Read checked every offset used below against the length that is mapped here
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        ProgramHeader header = program.Header;
        Relocate(copy, header);
        FillFrame(copy, header);
        FillGiven(Frame->Slots, given);
    }

    public LaunchFrame* Frame => (LaunchFrame*)_start;

    public void Dispose()
    {
        if (_start is not null)
        {
            Libc.munmap(_start, _length);
            _start = null;
        }
    }

    private static void Relocate(byte* copy, in ProgramHeader header)
    {
        int* words = (int*)(copy + header.RelocationsOffset);
        for (int i = 0; i < header.RelocationCount; i++)
        {
            long* word = (long*)(copy + words[i]);
            *word += (long)copy;
        }

        var calls = (CallRecord*)(copy + header.CallsOffset);
        for (int i = 0; i < header.CallCount; i++)
        {
            for (int arg = 0; arg < CallRecord.MaxArgs; arg++)
            {
                if (((calls[i].Kinds >> (2 * arg)) & 3) == CallRecord.KindPointer)
                {
                    calls[i].Args[arg] += (long)copy;
                }
            }
        }
    }

    private void FillFrame(byte* copy, in ProgramHeader header)
    {
        *Frame = new LaunchFrame
        {
            Calls = (CallRecord*)(copy + header.CallsOffset),
            CallCount = header.CallCount,
            Slots = (long*)(copy + header.SlotsOffset),
            ReaperSignals = ~NotForwarded,
            ExitGroup = SystemCall.exit_group,
            Execve = SystemCall.execve,
            Clone = SystemCall.clone,
            GetPid = SystemCall.getpid,
            SetPgid = SystemCall.setpgid,
            Ioctl = SystemCall.ioctl,
            CloseRange = SystemCall.close_range,
            SigAction = SystemCall.rt_sigaction,
            SigProcMask = SystemCall.rt_sigprocmask,
            SigTimedWait = SystemCall.rt_sigtimedwait,
            Wait4 = SystemCall.wait4,
            Kill = SystemCall.kill,
            PrCtl = SystemCall.prctl,
        };
        "tare init\0"u8.CopyTo(new Span<byte>(Frame->InitName, 16));
    }

    private static void FillGiven(long* slots, ReadOnlySpan<Fd?> given)
    {
        for (int i = 0; i < LaunchProgramBuilder.MaxGiven; i++)
        {
            slots[i] = i < given.Length && given[i] is { } fd ? fd.Raw : -(long)Errno.EBADF;
        }
    }
}
