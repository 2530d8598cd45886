// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Enters the namespaces of a container that runs; its root directory becomes this process's.</summary>
/// <param name="Given">position of the pidfd of the container's first process</param>
/// <remarks>
/// All at once (Linux 5.8), so that nobody is found half inside. The pid namespace is entered by birth, see the
/// starter. man setns(2)
/// </remarks>
internal sealed record EnterContainer(int Given) : Step
{
    private const ulong Entered = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP;

    public override string Action => "enter the container's namespaces";

    internal override void Lower(Lowering to)
    {
        to.Call(SystemCall.setns, to.Builder.Given(Given), (long)Entered);
        to.Root = to.Get(SystemCall.openat, AT_FDCWD, Arg.Text("/"), O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
}
