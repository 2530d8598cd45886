// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Waits until the starter has handed the descriptor of the filter's notifications on.</summary>
/// <param name="Given">position of the pipe</param>
/// <remarks>
/// One system call, as all are subject to the filter by now. A starter that died sends nothing, and the process ends
/// instead of going on with a filter that nobody answers.
/// </remarks>
internal sealed record AwaitListener(int Given) : Step
{
    public override string Action => "wait for the listener";

    internal override void Lower(Lowering to)
    {
        Slot read = to.Get(SystemCall.read, to.Builder.Given(Given), Arg.Buffer(8), 1);
        to.Builder.Demand(read);
    }
}
