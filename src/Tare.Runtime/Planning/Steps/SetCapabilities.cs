// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets the capabilities of the process, one bit each.</summary>
internal sealed record SetCapabilities(ulong Effective, ulong Permitted, ulong Inheritable, ulong Ambient) : Step
{
    public override string Action => "set capabilities";

    public override string Details => StepText.Join(
        $"effective {CapabilityBits.Describe(Effective)}",
        Permitted == Effective ? "" : $"permitted {CapabilityBits.Describe(Permitted)}",
        Inheritable == 0 ? "" : $"inheritable {CapabilityBits.Describe(Inheritable)}",
        Ambient == 0 ? "" : $"ambient {CapabilityBits.Describe(Ambient)}");

    internal override void Lower(Lowering to)
    {
        Capset(to, Effective, Permitted, Inheritable);
        for (int capability = 0; capability < 64; capability++)
        {
            if ((Ambient & (1UL << capability)) != 0)
            {
                to.Call(SystemCall.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
            }
        }
    }

    /// <summary>capset(2) of the calling thread.</summary>
    internal static void Capset(Lowering to, ulong effective, ulong permitted, ulong inheritable) => to.Call(
        SystemCall.capset,
        Arg.Block(Field.U32(_LINUX_CAPABILITY_VERSION_3), Field.U32(0)),
        Arg.Block(
            Field.U32((uint)effective),
            Field.U32((uint)permitted),
            Field.U32((uint)inheritable),
            Field.U32((uint)(effective >> 32)),
            Field.U32((uint)(permitted >> 32)),
            Field.U32((uint)(inheritable >> 32))));
}
