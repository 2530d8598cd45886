// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>From here on no set-uid bit and no file capability has effect.</summary>
internal sealed record NoNewPrivileges : Step
{
    public override string Action => "set no_new_privs";

    internal override void Lower(Lowering to) => to.Call(SystemCall.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
