// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Stays as the container's process 1, which forwards signals and reaps; the program runs in a child.</summary>
/// <remarks>It can be looked into from now on: images write to /proc/1/fd/1.</remarks>
internal sealed record StayAsInit : Step
{
    public override string Action => "stay as init";

    internal override void Lower(Lowering to)
    {
        to.Call(SystemCall.prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
        to.Builder.Init();
    }
}
