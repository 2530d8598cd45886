// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Takes capabilities out of the bounding set: no program that the container runs can ever gain them.</summary>
/// <param name="Dropped">one bit each</param>
internal sealed record DropBounding(ulong Dropped) : Step
{
    public override string Action => "drop capabilities from the bounding set";

    public override string Details => CapabilityBits.Describe(Dropped);

    internal override void Lower(Lowering to)
    {
        for (int capability = 0; capability < 64; capability++)
        {
            if ((Dropped & (1UL << capability)) != 0)
            {
                to.Call(SystemCall.prctl, PR_CAPBSET_DROP, capability, 0, 0, 0);
            }
        }
    }
}
