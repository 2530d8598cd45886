// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes every mount of the new mount namespace a slave of the host's: nothing done here reaches the host.</summary>
internal sealed record DetachPropagation : Step
{
    public override string Action => "make / recursively slave";

    internal override void Lower(Lowering to)
    {
        to.HostRoot = to.Get(SystemCall.openat, AT_FDCWD, Arg.Text("/"), O_PATH | O_DIRECTORY | O_CLOEXEC);
        to.Call(SystemCall.mount, Arg.Null, Arg.Text("/"), Arg.Null, (long)(MS_REC | MS_SLAVE), Arg.Null);
    }
}
