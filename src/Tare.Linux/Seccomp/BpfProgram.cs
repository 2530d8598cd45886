// SPDX-License-Identifier: Apache-2.0
// linux/filter.h, linux/bpf_common.h
using System.Buffers.Binary;

namespace Tare.Linux.Seccomp;

/// <summary>A classic BPF program under construction, last instruction first.</summary>
/// <remarks>
/// Jumps of classic BPF go forward only. Building from the end, every target exists already and is named by its
/// distance from the end, and equal answers are shared instead of repeated. A conditional jump reaches 255
/// instructions; farther targets get a copy (answers) or a long jump in reach.
/// </remarks>
internal sealed class BpfProgram
{
    /// <summary>The kernel takes no longer program (BPF_MAXINSNS).</summary>
    internal const int MaxInstructions = 4096;

    private const int InstructionSize = 8;

    /// <summary>A conditional jump reaches 255; a node adds at most this many instructions before its jump.</summary>
    private const int Reach = 250;

    private const ushort LoadWord = 0x20;    // BPF_LD | BPF_W | BPF_ABS
    private const ushort And = 0x54;         // BPF_ALU | BPF_AND | BPF_K
    private const ushort LongJump = 0x05;    // BPF_JMP | BPF_JA
    private const ushort Return = 0x06;      // BPF_RET | BPF_K

    private readonly List<Instruction> _reversed = new(512);

    /// <summary>Where each answer was put last.</summary>
    private readonly List<(uint Word, int Place)> _answers = [];

    internal enum Jump : ushort
    {
        Equal = 0x15,           // BPF_JMP | BPF_JEQ | BPF_K
        Greater = 0x25,         // BPF_JMP | BPF_JGT | BPF_K
        GreaterOrEqual = 0x35,  // BPF_JMP | BPF_JGE | BPF_K
    }

    /// <summary>Puts an answer before all, or finds one in reach; returns its place.</summary>
    internal int Answer(uint word)
    {
        foreach ((uint known, int place) in _answers)
        {
            if (known == word && IsNear(place))
            {
                return place;
            }
        }

        return PutAnswer(word);
    }

    /// <summary>A = the word of seccomp_data at this offset, then what follows at <paramref name="next"/>.</summary>
    internal int Load(int offset, int next)
    {
        Follow(next);
        return Put(new(LoadWord, 0, 0, (uint)offset));
    }

    /// <summary>A &amp;= mask, then what follows at <paramref name="next"/>.</summary>
    internal int Mask(uint mask, int next)
    {
        Follow(next);
        return Put(new(And, 0, 0, mask));
    }

    /// <summary>Compares A with a constant and goes one of two ways.</summary>
    internal int Branch(Jump jump, uint operand, int yes, int no)
    {
        if (yes == no)
        {
            return yes;
        }

        int nearYes = Near(yes);
        int nearNo = Near(no);
        int here = _reversed.Count;
        return Put(new((ushort)jump, (byte)(here - nearYes - 1), (byte)(here - nearNo - 1), operand));
    }

    /// <summary>The program as the kernel's struct sock_filter[], beginning with what was put last.</summary>
    internal byte[] ToBytes()
    {
        var bytes = new byte[_reversed.Count * InstructionSize];
        for (int i = 0; i < _reversed.Count; i++)
        {
            Instruction instruction = _reversed[^(i + 1)];
            Span<byte> target = bytes.AsSpan(i * InstructionSize, InstructionSize);
            BinaryPrimitives.WriteUInt16LittleEndian(target, instruction.Code);
            target[2] = instruction.Yes;
            target[3] = instruction.No;
            BinaryPrimitives.WriteUInt32LittleEndian(target[4..], instruction.Operand);
        }

        return bytes;
    }

    private bool IsNear(int place) => _reversed.Count - place <= Reach;

    private int Near(int place)
    {
        if (IsNear(place))
        {
            return place;
        }

        Instruction target = _reversed[place];
        return target.Code == Return ? Answer(target.Operand) : PutLongJump(place);
    }

    private void Follow(int next)
    {
        if (next != _reversed.Count - 1)
        {
            PutLongJump(next);
        }
    }

    private int PutAnswer(uint word)
    {
        _answers.RemoveAll(answer => answer.Word == word);
        int place = Put(new(Return, 0, 0, word));
        _answers.Add((word, place));
        return place;
    }

    private int PutLongJump(int place) => Put(new(LongJump, 0, 0, (uint)(_reversed.Count - place - 1)));

    private int Put(Instruction instruction)
    {
        if (_reversed.Count == MaxInstructions)
        {
            throw new LinuxException(Errno.E2BIG, "seccomp", $"filter of more than {MaxInstructions} instructions");
        }

        _reversed.Add(instruction);
        return _reversed.Count - 1;
    }

    private readonly record struct Instruction(ushort Code, byte Yes, byte No, uint Operand);
}
