// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Lets no process of the container look into this one or take its descriptors before it executes its program.</summary>
/// <remarks>
/// CVE-2016-9962. man prctl(2), PR_SET_DUMPABLE. Before this call the process is protected by having more capabilities
/// than anybody in the container.
/// </remarks>
internal sealed record StayHidden : Step
{
    public override string Action => "hide from the container";

    internal override void Lower(Lowering to) => to.Call(SystemCall.prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
}
