// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>The whole set-up of a process as a straight line of system calls in one block of bytes.</summary>
/// <remarks>Checked when read, so that the launcher, which cannot check anything, only meets sound programs.</remarks>
internal sealed class LaunchProgram
{
    /// <summary>Calls of one program; a container with 500 mounts needs about 6,000.</summary>
    public const int MaxCalls = 30_000;

    /// <summary>Bytes of one program; the kernel itself takes at most about 6 MiB of arguments.</summary>
    public const int MaxLength = 16 << 20;

    private readonly byte[] _bytes;

    private LaunchProgram(byte[] bytes) => _bytes = bytes;

    /// <summary>The block as <see cref="LaunchProgramBuilder.Build"/> made it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How many descriptors the starter must hand over.</summary>
    public int GivenCount => Header.GivenCount;

    /// <summary>The process that is born first gives way to another, which the report names.</summary>
    internal bool IsReborn { get; private set; }

    internal ProgramHeader Header => MemoryMarshal.Read<ProgramHeader>(_bytes);

    internal ReadOnlySpan<CallRecord> Calls =>
        MemoryMarshal.Cast<byte, CallRecord>(_bytes.AsSpan(
            Header.CallsOffset, Header.CallCount * Unsafe.SizeOf<CallRecord>()));

    /// <summary>Takes over a block.</summary>
    /// <exception cref="FormatException">the block is not a sound program</exception>
    public static LaunchProgram Read(byte[] bytes)
    {
        if (bytes.Length < Unsafe.SizeOf<ProgramHeader>() || bytes.Length > MaxLength)
        {
            throw new FormatException($"launch program: {bytes.Length} bytes");
        }

        var program = new LaunchProgram(bytes);
        program.CheckHeader();
        program.CheckRelocations();
        foreach (ref readonly CallRecord call in program.Calls)
        {
            program.CheckCall(in call);
            program.IsReborn |= call.Number == CallRecord.Rebirth;
        }

        // the launcher's loop ends only by exec or by failure
        if (program.Calls[^1].Number != CallRecord.Exec || program.Calls[^1].GuardSlot >= 0)
        {
            throw new FormatException("launch program: the last call is not exec");
        }

        return program;
    }

    private void CheckHeader()
    {
        ProgramHeader h = Header;
        Require(h.Magic == ProgramHeader.ExpectedMagic, "magic");
        Require(h.Length == _bytes.Length, "length");
        Require(h.CallCount is > 0 and <= MaxCalls, "call count");
        Require(h.SlotCount is >= LaunchProgramBuilder.MaxGiven and <= short.MaxValue, "slot count");
        Require(h.GivenCount is >= 0 and <= LaunchProgramBuilder.MaxGiven, "given count");
        Require(h.RelocationCount >= 0, "relocation count");
        RequireRange(h.CallsOffset, (long)h.CallCount * Unsafe.SizeOf<CallRecord>(), "calls");
        RequireRange(h.SlotsOffset, 8L * h.SlotCount, "slots");
        RequireRange(h.RelocationsOffset, 4L * h.RelocationCount, "relocations");
        RequireRange(h.DataOffset, 0, "data");
        Require(h.CallsOffset % 8 == 0 && h.SlotsOffset % 8 == 0 && h.RelocationsOffset % 4 == 0, "alignment");
    }

    private void CheckRelocations()
    {
        ProgramHeader h = Header;
        foreach (int word in MemoryMarshal.Cast<byte, int>(_bytes.AsSpan(h.RelocationsOffset, 4 * h.RelocationCount)))
        {
            Require(word >= h.DataOffset, "relocation");
            RequireRange(word, 8, "relocation");
            RequireRange(MemoryMarshal.Read<long>(_bytes.AsSpan(word)), 0, "pointer");
        }
    }

    private unsafe void CheckCall(in CallRecord call)
    {
        Require(call.Number >= CallRecord.Least, "call number");
        Require(call.Result < Header.SlotCount && call.GuardSlot < Header.SlotCount, "slot");
        for (int i = 0; i < CallRecord.MaxArgs; i++)
        {
            int kind = (call.Kinds >> (2 * i)) & 3;
            Require(kind <= CallRecord.KindSlot, "argument kind");
            Require(kind != CallRecord.KindSlot || (ulong)call.Args[i] < (ulong)Header.SlotCount, "slot");
            Require(kind != CallRecord.KindPointer || call.Args[i] >= Header.DataOffset, "pointer");
            Require(kind != CallRecord.KindPointer || call.Args[i] <= _bytes.Length, "pointer");
        }

        if (call.Number == CallRecord.StoreSlot)
        {
            Require((call.Kinds & 63) == (CallRecord.KindPointer | (CallRecord.KindSlot << 2)), "store");
            Require(call.Args[2] is 4 or 8, "store width");
            RequireRange(call.Args[0], call.Args[2], "store");
        }

        bool takesSlot = call.Number is CallRecord.Show or CallRecord.Demand;
        Require(!takesSlot || (call.Kinds & 3) == CallRecord.KindSlot, "argument kind");
        Require(call.Number != CallRecord.Exec || (call.Kinds & 63) == 0b010101, "exec arguments");
    }

    private void RequireRange(long offset, long length, string what) =>
        Require(offset >= 0 && length >= 0 && offset <= _bytes.Length - length, what);

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException($"launch program: bad {what}");
        }
    }
}
