// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Waits until the starter has finished what it does to the process from outside.</summary>
/// <param name="Given">position of the pipe</param>
/// <remarks>
/// The word is "/", read into an empty path that is then opened: a starter that died sends nothing, the path stays
/// empty and the process ends instead of going on unattended.
/// </remarks>
internal sealed record WaitForGo(int Given) : Step
{
    public override string Action => "wait for the starter";

    internal override void Lower(Lowering to)
    {
        Arg word = Arg.Buffer(8);
        to.Call(SystemCall.read, to.Builder.Given(Given), word, 1);
        to.Close(to.Get(SystemCall.openat, AT_FDCWD, word, O_PATH | O_CLOEXEC));
    }
}
