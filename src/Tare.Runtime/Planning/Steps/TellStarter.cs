// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Tells the starter that the process has come this far.</summary>
/// <param name="Given">position of the pipe; it ends without a byte when the process does not get here</param>
internal sealed record TellStarter(int Given) : Step
{
    public override string Action => "tell the starter";

    internal override void Lower(Lowering to) =>
        to.Call(SystemCall.write, to.Builder.Given(Given), Arg.Bytes("."u8), 1);
}
