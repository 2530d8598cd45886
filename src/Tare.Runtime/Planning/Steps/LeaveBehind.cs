// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Closes what the process was born with but its streams and the gate, and tells the starter that it is complete.</summary>
/// <param name="Tell">position of the pipe; it ends without a byte when the process does not get here</param>
/// <param name="Gate">position of the fifo</param>
/// <param name="Preserved">how many descriptors behind the standard ones are the program's</param>
/// <remarks>The first part of <see cref="AwaitStart"/>, for a filter that comes between the two.</remarks>
internal sealed record LeaveBehind(int Tell, int Gate, int Preserved) : Step
{
    private const int Standard = 3;

    public override string Action => "tell the starter, keep nothing but the gate";

    internal override void Lower(Lowering to) => Lower(to, Tell, Gate, Preserved);

    /// <summary>Returns the number that the gate has from now on.</summary>
    internal static int Lower(Lowering to, int tells, int gates, int preserved)
    {
        // through copies above both, because the starter's numbers may be these in another order
        int tell = Standard + preserved;
        int gate = GateNumber(preserved);
        Slot tellCopy = to.Get(SystemCall.fcntl, to.Builder.Given(tells), F_DUPFD_CLOEXEC, gate + 1);
        Slot gateCopy = to.Get(SystemCall.fcntl, to.Builder.Given(gates), F_DUPFD_CLOEXEC, gate + 1);
        to.Call(SystemCall.dup3, tellCopy, tell, O_CLOEXEC);
        to.Call(SystemCall.dup3, gateCopy, gate, O_CLOEXEC);
        to.Call(SystemCall.close_range, gate + 1, uint.MaxValue, 0);
        to.Call(SystemCall.write, tell, Arg.Bytes("."u8), 1);
        to.Call(SystemCall.close, tell);
        return gate;
    }

    internal static int GateNumber(int preserved) => Standard + preserved + 1;
}
