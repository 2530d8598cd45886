// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Leaves the starter's session, so that its terminal cannot be written to with TIOCSTI.</summary>
internal sealed record NewSession : Step
{
    public override string Action => "start a session";

    internal override void Lower(Lowering to) => to.Call(SystemCall.setsid);
}
