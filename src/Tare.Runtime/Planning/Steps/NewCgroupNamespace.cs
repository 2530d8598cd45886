// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes the cgroups that the process is in now the roots of what it sees.</summary>
/// <remarks>Not by clone3, which would come before <see cref="JoinCgroups"/> and show the starter's.</remarks>
internal sealed record NewCgroupNamespace : Step
{
    public override string Action => "make a cgroup namespace";

    internal override void Lower(Lowering to) => to.Call(SystemCall.unshare, (long)CLONE_NEWCGROUP);
}
