// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Becomes the root user of the container's user namespace; until then the process is the host's.</summary>
/// <remarks>What it makes from here on belongs to the container. Its capabilities stay. man user_namespaces(7)</remarks>
internal sealed record BecomeRoot : Step
{
    public override string Action => "become root of the user namespace";

    internal override void Lower(Lowering to)
    {
        to.Call(SystemCall.setgroups, 0, Arg.Null);
        to.Call(SystemCall.setresgid, 0, 0, 0);
        to.Call(SystemCall.setresuid, 0, 0, 0);
    }
}
