// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Waits until the starter has made the container's network.</summary>
/// <param name="Given">position of the pipe, whose other end the starter alone has</param>
/// <remarks>The word is that of <see cref="WaitForGo"/>: with a starter that died or failed the process ends.</remarks>
internal sealed record WaitForNetwork(int Given) : Step
{
    public override string Action => "wait for the network";

    internal override void Lower(Lowering to)
    {
        Arg word = Arg.Buffer(8);
        Arg pipe = to.Builder.Given(Given);
        to.Call(SystemCall.read, pipe, word, 1);
        to.Close(to.Get(SystemCall.openat, AT_FDCWD, word, O_PATH | O_CLOEXEC));
    }
}
