// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Tells the starter that the process is complete and confined, and waits until the container is started.</summary>
/// <param name="Tell">position of the pipe; it ends without a byte when the process does not get here</param>
/// <param name="Gate">position of the fifo, open both ways: it never ends, whoever dies</param>
/// <param name="Preserved">how many descriptors behind the standard ones are the program's</param>
/// <param name="IsTold">the starter knows already, see <see cref="LeaveBehind"/></param>
/// <remarks>
/// runtime-spec v1.3 runtime.md#lifecycle, between create and start. This may last for days, so all else that the
/// process was born with is closed: locks, mounts, whatever the starter's caller had open.
/// </remarks>
internal sealed record AwaitStart(int Tell, int Gate, int Preserved, bool IsTold = false) : Step
{
    public override string Action => "wait for the start";

    internal override void Lower(Lowering to)
    {
        int gate = IsTold ? LeaveBehind.GateNumber(Preserved) : LeaveBehind.Lower(to, Tell, Gate, Preserved);
        to.Call(SystemCall.read, gate, Arg.Buffer(8), 1);
    }
}
