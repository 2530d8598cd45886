// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets CPU scheduling.</summary>
/// <param name="Scheduler">as the spec has it</param>
/// <param name="Policy">number of the policy</param>
/// <param name="Flags">SCHED_FLAG_*</param>
internal sealed record SetScheduler(Scheduler Scheduler, uint Policy, ulong Flags) : Step
{
    private const uint AttributesSize = 48; // SCHED_ATTR_SIZE_VER0

    public override string Action => $"set scheduler {Scheduler.Policy}";

    internal override void Lower(Lowering to) => to.Call(
        SystemCall.sched_setattr,
        0,
        Arg.Block(
            Field.U32(AttributesSize),
            Field.U32(Policy),
            Field.U64(Flags),
            Field.I32(Scheduler.Nice),
            Field.U32((uint)Scheduler.Priority),
            Field.U64(Scheduler.Runtime),
            Field.U64(Scheduler.Deadline),
            Field.U64(Scheduler.Period)),
        0);
}
