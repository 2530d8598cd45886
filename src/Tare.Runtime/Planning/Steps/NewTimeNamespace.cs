// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes a time namespace for the children of the process; see <see cref="EnterTimeNamespace"/>.</summary>
internal sealed record NewTimeNamespace : Step
{
    public override string Action => "make a time namespace";

    internal override void Lower(Lowering to) => to.Call(SystemCall.unshare, (long)CLONE_NEWTIME);
}
