// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Linux.Seccomp;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Loads the filter of system calls; what comes after is subject to it.</summary>
/// <param name="Filter">struct sock_filter[], 8 bytes each</param>
/// <param name="Flags">SECCOMP_FILTER_FLAG_*</param>
internal sealed record LoadSeccomp(ReadOnlyMemory<byte> Filter, uint Flags) : Step
{
    private const int InstructionSize = 8;

    public override string Action => "load the seccomp filter";

    public override string Details => Flags == 0 ? "" : $"flags {Flags}";

    /// <summary>The call answers with a descriptor of notifications, which the starter is shown the number of.</summary>
    public bool HasListener => (Flags & (uint)SeccompFlags.NewListener) != 0;

    internal override void Lower(Lowering to)
    {
        Slot listener = to.Get(
            SystemCall.seccomp,
            SECCOMP_SET_MODE_FILTER,
            Flags,
            Arg.Block(
                Field.U16(checked((ushort)(Filter.Length / InstructionSize))),
                Field.Pointer(Arg.Bytes(Filter.Span))));
        if (HasListener)
        {
            to.Builder.Show(listener);
        }
    }
}
