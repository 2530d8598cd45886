// SPDX-License-Identifier: Apache-2.0
// linux/bpf.h: struct bpf_insn, struct bpf_cgroup_dev_ctx
using System.Buffers.Binary;

namespace Tare.Linux.Cgroups;

/// <summary>Device rules as the extended BPF program that a v2 cgroup asks at every open and mknod of a device.</summary>
/// <remarks>
/// The last rule that speaks of a kind of access decides it, so the program goes through the rules backwards, with the
/// accesses that are still undecided in a register. What no rule allows is refused.
/// </remarks>
internal sealed class DeviceProgram
{
    /// <summary>The verifier takes a million instructions; nobody has so many devices.</summary>
    internal const int MaxRules = 4096;

    private const int InstructionSize = 8;

    private const byte LoadWord = 0x61;          // BPF_LDX | BPF_MEM | BPF_W
    private const byte Move = 0xB7;              // BPF_ALU64 | BPF_MOV | BPF_K
    private const byte Copy = 0xBC;              // BPF_ALU | BPF_MOV | BPF_X
    private const byte And = 0x54;               // BPF_ALU | BPF_AND | BPF_K
    private const byte ShiftRight = 0x74;        // BPF_ALU | BPF_RSH | BPF_K
    private const byte JumpIfNotEqual = 0x56;    // BPF_JMP32 | BPF_JNE | BPF_K
    private const byte JumpIfEqual = 0x16;       // BPF_JMP32 | BPF_JEQ | BPF_K
    private const byte Exit = 0x95;              // BPF_JMP | BPF_EXIT

    private const byte Result = 0;
    private const byte Context = 1;
    private const byte Undecided = 2;
    private const byte Kind = 3;
    private const byte Major = 4;
    private const byte Minor = 5;
    private const byte Concerned = 6;

    private readonly List<byte> _bytes = [];

    private DeviceProgram()
    {
    }

    /// <summary>struct bpf_insn[], 8 bytes each.</summary>
    /// <exception cref="LinuxException">E2BIG: more than <see cref="MaxRules"/></exception>
    internal static byte[] Compile(IReadOnlyList<DeviceRule> rules)
    {
        if (rules.Count > MaxRules)
        {
            throw new LinuxException(Errno.E2BIG, "cgroup", $"more than {MaxRules} device rules");
        }

        DeviceProgram program = new();
        program.PutHead();
        for (int i = rules.Count - 1; i >= 0; i--)
        {
            program.PutRule(rules[i]);
        }

        program.PutAnswer(0);
        return [.. program._bytes];
    }

    /// <summary>access_type holds the access above and the kind below.</summary>
    private void PutHead()
    {
        Put(LoadWord, Undecided, Context, 0);
        Put(Copy, Kind, Undecided);
        Put(And, Kind, operand: 0xFFFF);
        Put(ShiftRight, Undecided, operand: 16);
        Put(LoadWord, Major, Context, 4);
        Put(LoadWord, Minor, Context, 8);
    }

    private void PutRule(DeviceRule rule)
    {
        // each comparison jumps over the rest of this rule; the body below has four or five instructions
        int body = rule.IsAllowed ? 4 : 5;
        int comparisons = (rule.Kind == DeviceRuleKind.All ? 0 : 1) + (rule.Major is null ? 0 : 1)
            + (rule.Minor is null ? 0 : 1);
        PutComparison(Kind, rule.Kind == DeviceRuleKind.All ? null : (uint)rule.Kind, ref comparisons, body);
        PutComparison(Major, rule.Major, ref comparisons, body);
        PutComparison(Minor, rule.Minor, ref comparisons, body);
        if (rule.IsAllowed)
        {
            Put(And, Undecided, operand: (int)(DeviceRule.AllAccess & ~rule.Access));
            Put(JumpIfNotEqual, Undecided, offset: 2, operand: 0);
            PutAnswer(1);
        }
        else
        {
            Put(Copy, Concerned, Undecided);
            Put(And, Concerned, operand: (int)rule.Access);
            Put(JumpIfEqual, Concerned, offset: 2, operand: 0);
            PutAnswer(0);
        }
    }

    private void PutComparison(byte register, uint? value, ref int comparisons, int body)
    {
        if (value is { } wanted)
        {
            comparisons--;
            Put(JumpIfNotEqual, register, offset: comparisons + body, operand: (int)wanted);
        }
    }

    private void PutAnswer(int value)
    {
        Put(Move, Result, operand: value);
        Put(Exit, Result);
    }

    private void Put(byte code, byte target, byte source = 0, int offset = 0, int operand = 0)
    {
        Span<byte> instruction = stackalloc byte[InstructionSize];
        instruction[0] = code;
        instruction[1] = (byte)(target | (source << 4));
        BinaryPrimitives.WriteInt16LittleEndian(instruction[2..], (short)offset);
        BinaryPrimitives.WriteInt32LittleEndian(instruction[4..], operand);
        _bytes.AddRange(instruction);
    }
}
