// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>
/// The file that the first process of a launch executes: the code of Tare.First, and behind it one frame and one program with all
/// pointers in place.
/// </summary>
/// <remarks>
/// An ELF program (man elf(5)) in memory, made for one launch: nothing of the starter's memory, of our binary or of any library
/// reaches the new process, and what executes /proc/self/exe in a container finds a program that nobody else runs (CVE-2019-5736).
/// </remarks>
internal static unsafe class LaunchFile
{
    // as src/Tare.First/first.ld has them
    private const ulong CodeBase = 0x400000;
    private const int CodeOffset = 0x200;
    private const ulong FrameBase = 0x10000000;
    private const int FrameOffset = 0x4000;

    private const int FrameRoom = 1024;
    private const int MachineX64 = 62;
    private const int MachineArm64 = 183;

    /// <summary>Pages are at most this large on any machine that we run on.</summary>
    private const ulong MaxPage = 0x10000;

    private static ReadOnlySpan<byte> Ident => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Writes one; the caller owns it.</summary>
    /// <param name="program">what the process does</param>
    /// <param name="frame">all but what the program tells by itself</param>
    /// <param name="given">lent descriptors by the numbers that the process will have them at; null is a slot that holds a failure</param>
    public static Fd Create(LaunchProgram program, LaunchFrame frame, ReadOnlySpan<Fd?> given)
    {
        int frameLength = FrameRoom + program.Bytes.Length;
        int length = FrameOffset + frameLength;
        Fd file = MemoryFile.CreateExecutable("tare launch"u8);
        try
        {
            file.SetLength(length);
            void* start = Libc.mmap(
                null, (nuint)length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, file.Raw, 0);
            Libc.Check((nint)start, "mmap");
            try
            {
                // SAFETY: what is written below ends before `length`; LaunchProgram.Read checked the program's own offsets
                var all = new Span<byte>(start, length);
                WriteHeaders(all, frameLength);
                FirstCode.Bytes.CopyTo(all[CodeOffset..FrameOffset]);
                WriteFrame((byte*)start + FrameOffset, program, frame, given);
            }
            finally
            {
                Libc.munmap(start, (nuint)length);
            }

            MemoryFile.SealFuture(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void WriteHeaders(Span<byte> all, int frameLength)
    {
        int header = Unsafe.SizeOf<ElfHeader>();
        int segment = Unsafe.SizeOf<ElfSegment>();
        bool isArm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        MemoryMarshal.Write(all, new ElfHeader
        {
            Type = ElfHeader.ET_EXEC,
            Machine = (ushort)(isArm64 ? MachineArm64 : MachineX64),
            Version = 1,
            Entry = CodeBase + CodeOffset,
            SegmentsOffset = (ulong)header,
            HeaderBytes = (ushort)header,
            SegmentBytes = (ushort)segment,
            SegmentCount = 3,
        });
        Ident.CopyTo(all);
        ulong codeEnd = (ulong)(CodeOffset + FirstCode.Bytes.Length);
        Segment(0, ElfSegment.PT_LOAD, ElfSegment.PF_R | ElfSegment.PF_X, 0, CodeBase, codeEnd, all);
        Segment(1, ElfSegment.PT_LOAD, ElfSegment.PF_R | ElfSegment.PF_W, FrameOffset, FrameBase, (ulong)frameLength, all);
        Segment(2, ElfSegment.PT_GNU_STACK, ElfSegment.PF_R | ElfSegment.PF_W, 0, 0, 0, all);
    }

    private static void Segment(int index, uint type, uint access, ulong offset, ulong address, ulong length, Span<byte> all) =>
        MemoryMarshal.Write(all[(Unsafe.SizeOf<ElfHeader>() + (index * Unsafe.SizeOf<ElfSegment>()))..], new ElfSegment
        {
            Type = type,
            Access = access,
            Offset = offset,
            Address = address + offset,
            FileLength = length,
            MemoryLength = length,
            Alignment = type == ElfSegment.PT_LOAD ? MaxPage : 16,
        });

    private static void WriteFrame(byte* here, LaunchProgram program, LaunchFrame frame, ReadOnlySpan<Fd?> given)
    {
        byte* copy = here + FrameRoom;
        ulong address = FrameBase + FrameOffset + FrameRoom;
        program.Bytes.CopyTo(new Span<byte>(copy, program.Bytes.Length));
        ProgramHeader header = program.Header;
        Relocate(copy, (long)address, header);
        long* slots = (long*)(copy + header.SlotsOffset);
        for (int i = 0; i < LaunchProgramBuilder.MaxGiven; i++)
        {
            slots[i] = i < given.Length && given[i] is { } fd ? fd.Raw : -(long)Errno.EBADF;
        }

        frame.Calls = (CallRecord*)(address + (ulong)header.CallsOffset);
        frame.CallCount = header.CallCount;
        frame.Slots = (long*)(address + (ulong)header.SlotsOffset);
        frame.GivenCount = given.Length;
        *(LaunchFrame*)here = frame;
    }

    private static void Relocate(byte* copy, long address, in ProgramHeader header)
    {
        int* words = (int*)(copy + header.RelocationsOffset);
        for (int i = 0; i < header.RelocationCount; i++)
        {
            *(long*)(copy + words[i]) += address;
        }

        var calls = (CallRecord*)(copy + header.CallsOffset);
        for (int i = 0; i < header.CallCount; i++)
        {
            for (int arg = 0; arg < CallRecord.MaxArgs; arg++)
            {
                if (((calls[i].Kinds >> (2 * arg)) & 3) == CallRecord.KindPointer)
                {
                    calls[i].Args[arg] += address;
                }
            }
        }
    }

    /// <summary>Elf64_Ehdr, without e_ident's content.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ElfHeader
    {
        public const ushort ET_EXEC = 2;

        private readonly ulong _ident;
        private readonly ulong _identEnd;
        public ushort Type;
        public ushort Machine;
        public uint Version;
        public ulong Entry;
        public ulong SegmentsOffset;
        private readonly ulong _sectionsOffset;
        private readonly uint _flags;
        public ushort HeaderBytes;
        public ushort SegmentBytes;
        public ushort SegmentCount;
        private readonly ushort _sectionBytes;
        private readonly ushort _sectionCount;
        private readonly ushort _namesSection;
    }

    /// <summary>Elf64_Phdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ElfSegment
    {
        public const uint PT_LOAD = 1;
        public const uint PT_GNU_STACK = 0x6474e551;
        public const uint PF_X = 1;
        public const uint PF_W = 2;
        public const uint PF_R = 4;

        public uint Type;
        public uint Access;
        public ulong Offset;
        public ulong Address;
        private readonly ulong _physicalAddress;
        public ulong FileLength;
        public ulong MemoryLength;
        public ulong Alignment;
    }
}
