// SPDX-License-Identifier: Apache-2.0
// linux/seccomp.h, linux/filter.h
namespace Tare.Linux.Seccomp;

/// <summary>Compiles a filter to the classic BPF program that the kernel runs at every system call.</summary>
/// <remarks>
/// Per architecture a binary search over the numbers, cut where the decision changes: some nine comparisons. Only
/// loads of number and architecture, comparisons with constants and answers lie on the way to an unconditional
/// "allow", because that is what the kernel's own cache of always-allowed calls can follow (seccomp_is_const_allow).
/// </remarks>
internal static class SeccompCompiler
{
    private const int OffsetOfNumber = 0;
    private const int OffsetOfArchitecture = 4;

    /// <summary>struct sock_filter[], 8 bytes each, as seccomp(SECCOMP_SET_MODE_FILTER) takes it.</summary>
    /// <exception cref="LinuxException">E2BIG: more than the kernel's 4096 instructions</exception>
    internal static byte[] Compile(SeccompFilter filter)
    {
        BpfProgram program = new();
        SeccompDecisions decisions = new(filter);
        List<(uint Audit, int Place)> entries = [];
        foreach (SeccompArchitecture architecture in filter.Architectures)
        {
            uint audit = architecture.AuditValue();
            if (!entries.Exists(entry => entry.Audit == audit))
            {
                entries.Add((audit, PutArchitecture(program, architecture, filter, decisions)));
            }
        }

        int place = program.Answer(filter.Foreign.Word);
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            place = program.Branch(BpfProgram.Jump.Equal, entries[i].Audit, entries[i].Place, place);
        }

        program.Load(OffsetOfArchitecture, place);
        return program.ToBytes();
    }

    private static int PutArchitecture(
        BpfProgram program, SeccompArchitecture architecture, SeccompFilter filter, SeccompDecisions decisions)
    {
        bool hasBoth = architecture == SeccompArchitecture.X32
            && filter.Architectures.Contains(SeccompArchitecture.X86_64);
        SeccompArchitecture first = hasBoth ? SeccompArchitecture.X86_64 : architecture;
        NumberLine line = NumberLine.Of(first, filter, decisions);
        int tree = PutTree(program, line.Segments, 0, line.Segments.Count, architecture.Has32BitRegisters());
        return program.Load(OffsetOfNumber, tree);
    }

    private static int PutTree(
        BpfProgram program, IReadOnlyList<NumberLine.Segment> segments, int from, int to, bool has32BitRegisters)
    {
        if (to - from == 1)
        {
            return PutDecision(program, segments[from].Decision, has32BitRegisters);
        }

        int middle = (from + to) / 2;
        int upper = PutTree(program, segments, middle, to, has32BitRegisters);
        int lower = PutTree(program, segments, from, middle, has32BitRegisters);
        return program.Branch(BpfProgram.Jump.GreaterOrEqual, segments[middle].First, upper, lower);
    }

    private static int PutDecision(BpfProgram program, SeccompDecision decision, bool has32BitRegisters)
    {
        int place = program.Answer(decision.Otherwise.Word);
        for (int i = decision.Alternatives.Count - 1; i >= 0; i--)
        {
            place = PutAlternative(program, decision, i, has32BitRegisters, place);
        }

        return place;
    }

    private static int PutAlternative(
        BpfProgram program, SeccompDecision decision, int index, bool has32BitRegisters, int otherwise)
    {
        SeccompDecision.Alternative alternative = decision.Alternatives[index];
        int place = program.Answer(alternative.Verdict.Word);
        for (int i = alternative.Comparisons.Count - 1; i >= 0; i--)
        {
            ArgumentTest test = decision.Test(index, i, has32BitRegisters);
            bool isLoaded = i == 0 && index > 0 && test.KeepsLowHalf
                && decision.Alternatives[index - 1].Comparisons.Count == 1
                && decision.Test(index - 1, 0, has32BitRegisters) is { KeepsLowHalf: true } before
                && before.Argument == test.Argument;
            place = test.Put(program, place, otherwise, isLoaded);
        }

        return place;
    }
}
