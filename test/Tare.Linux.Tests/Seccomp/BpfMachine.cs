// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tare.Linux.Tests.Seccomp;

/// <summary>Runs a classic BPF program as the kernel does for seccomp, and refuses what its checker refuses.</summary>
internal sealed class BpfMachine
{
    private const int DataSize = 64;
    private readonly (ushort Code, byte Yes, byte No, uint Operand)[] _program;

    internal BpfMachine(ReadOnlySpan<byte> program)
    {
        Assert.Equal(0, program.Length % 8);
        Assert.InRange(program.Length / 8, 1, 4096);
        _program = new (ushort, byte, byte, uint)[program.Length / 8];
        for (int i = 0; i < _program.Length; i++)
        {
            ReadOnlySpan<byte> one = program.Slice(i * 8, 8);
            _program[i] = (BinaryPrimitives.ReadUInt16LittleEndian(one), one[2], one[3],
                BinaryPrimitives.ReadUInt32LittleEndian(one[4..]));
        }

        Check();
    }

    internal int Length => _program.Length;

    /// <summary>Instructions of the last run.</summary>
    internal int Steps { get; private set; }

    /// <summary>True when the last run could be answered from the kernel's cache of constant answers.</summary>
    internal bool IsConstant { get; private set; }

    internal uint Run(uint number, uint architecture, ReadOnlySpan<ulong> arguments)
    {
        Span<byte> data = stackalloc byte[DataSize];
        data.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (int i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (8 * i))..], arguments[i]);
        }

        return Run(data);
    }

    private uint Run(ReadOnlySpan<byte> data)
    {
        uint a = 0;
        Steps = 0;
        IsConstant = true;
        for (int pc = 0; ; pc++)
        {
            (ushort code, byte yes, byte no, uint k) = _program[pc];
            Steps++;
            switch (code)
            {
                case 0x20:
                    a = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)k..]);
                    IsConstant &= k < 8;
                    break;
                case 0x54:
                    a &= k;
                    break;
                case 0x05:
                    pc += (int)k;
                    break;
                case 0x15:
                    pc += a == k ? yes : no;
                    break;
                case 0x25:
                    pc += a > k ? yes : no;
                    break;
                case 0x35:
                    pc += a >= k ? yes : no;
                    break;
                case 0x06:
                    return k;
                default:
                    throw new InvalidOperationException($"instruction {pc}: code {code:x}");
            }
        }
    }

    /// <summary>net/core/filter.c bpf_check_classic and kernel/seccomp.c seccomp_check_filter.</summary>
    private void Check()
    {
        for (int pc = 0; pc < _program.Length; pc++)
        {
            (ushort code, byte yes, byte no, uint k) = _program[pc];
            long farthest = code switch
            {
                0x20 when k % 4 == 0 && k < DataSize => pc,
                0x54 or 0x06 => pc,
                0x05 => pc + 1 + (long)k,
                0x15 or 0x25 or 0x35 => pc + 1 + Math.Max(yes, no),
                _ => throw new InvalidOperationException($"instruction {pc}: code {code:x} operand {k}"),
            };
            Assert.True(farthest < _program.Length, $"instruction {pc} jumps out of the program");
        }

        Assert.Equal(0x06, _program[^1].Code);
    }
}
