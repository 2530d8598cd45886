// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes the container's root the root of everything and lets go of the host's.</summary>
/// <remarks>
/// pivot_root(".", ".") puts the host's root on top of the new one, from where it is detached through its own
/// descriptor; man pivot_root(2). The masks, where there are any, lie on the host's root and go first.
/// </remarks>
internal sealed record PivotRoot : Step
{
    public override string Action => "pivot to the root file system";

    internal override void Lower(Lowering to)
    {
        Arg here = Arg.Text(".");
        to.Call(SystemCall.fchdir, to.Root);
        to.Call(SystemCall.pivot_root, here, here);
        to.Call(SystemCall.fchdir, to.HostRoot);
        if (to.Masks is not null)
        {
            to.Call(SystemCall.umount2, here, MNT_DETACH);
        }

        to.Call(SystemCall.umount2, here, MNT_DETACH);
        to.Call(SystemCall.fchdir, to.Root);
        to.Close(to.HostRoot);
    }
}
