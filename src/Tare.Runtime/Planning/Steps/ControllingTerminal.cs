// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes the container's terminal the controlling terminal of the session.</summary>
internal sealed record ControllingTerminal : Step
{
    public override string Action => "take the controlling terminal";

    internal override void Lower(Lowering to) =>
        to.Call(SystemCall.ioctl, to.Builder.Given((int)GivenKind.Stdin), TIOCSCTTY, 0);
}
