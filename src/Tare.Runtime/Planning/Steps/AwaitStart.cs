// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Tells the starter that the process is complete and confined, and waits until the container is started.</summary>
/// <param name="Tell">position of the pipe; it ends without a byte when the process does not get here</param>
/// <param name="Gate">position of the fifo, open both ways: it never ends, whoever dies</param>
/// <param name="Preserved">how many descriptors behind the standard ones are the program's</param>
/// <remarks>
/// runtime-spec v1.3 runtime.md#lifecycle, between create and start. This may last for days, so all else that the
/// process was born with is closed: locks, mounts, whatever the starter's caller had open.
/// </remarks>
internal sealed record AwaitStart(int Tell, int Gate, int Preserved) : Step
{
    private const int Standard = 3;

    public override string Action => "wait for the start";

    internal override void Lower(Lowering to)
    {
        // through copies above both, because the starter's numbers may be these in another order
        int tell = Standard + Preserved;
        int gate = tell + 1;
        Slot tellCopy = to.Get(SystemCall.fcntl, to.Builder.Given(Tell), F_DUPFD_CLOEXEC, gate + 1);
        Slot gateCopy = to.Get(SystemCall.fcntl, to.Builder.Given(Gate), F_DUPFD_CLOEXEC, gate + 1);
        to.Call(SystemCall.dup3, tellCopy, tell, O_CLOEXEC);
        to.Call(SystemCall.dup3, gateCopy, gate, O_CLOEXEC);
        to.Call(SystemCall.close_range, gate + 1, uint.MaxValue, 0);
        to.Call(SystemCall.write, tell, Arg.Bytes("."u8), 1);
        to.Call(SystemCall.close, tell);
        to.Call(SystemCall.read, gate, Arg.Buffer(8), 1);
    }
}
