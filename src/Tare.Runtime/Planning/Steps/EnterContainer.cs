// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Enters the namespaces of a container that runs; its root directory becomes this process's.</summary>
/// <param name="Given">position of the pidfd of the container's first process</param>
/// <param name="Entered">CLONE_NEW*: those that the container does not share with the host</param>
/// <remarks>
/// All at once (Linux 5.8), so that nobody is found half inside. The pid namespace is entered by birth, see the
/// starter. A user namespace gives rights over what belongs to it and over nothing of the host's, so that the host's
/// own namespaces must not be among them. man setns(2)
/// </remarks>
internal sealed record EnterContainer(int Given, ulong Entered = EnterContainer.Usual) : Step
{
    private const ulong Usual = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP;

    private static readonly NamespaceType[] Types =
    [
        NamespaceType.User, NamespaceType.Mount, NamespaceType.Uts, NamespaceType.Ipc, NamespaceType.Network,
        NamespaceType.Cgroup, NamespaceType.Time,
    ];

    public override string Action => "enter the container's namespaces";

    public override string Details => Entered == Usual
        ? ""
        : string.Join(' ', Types.Where(type => (Entered & NamespaceFlags.Of(type)) != 0).Select(NamespaceFlags.Name));

    internal override void Lower(Lowering to)
    {
        to.Call(SystemCall.setns, to.Builder.Given(Given), (long)Entered);
        to.Root = to.Get(SystemCall.openat, AT_FDCWD, Arg.Text("/"), O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
}
