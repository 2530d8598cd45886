// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Oci.Runtime;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes namespaces that belong to the user namespace which the process has joined.</summary>
/// <param name="Made">CLONE_NEW*</param>
/// <remarks>
/// What clone3 makes belongs to the namespace of the caller, and none joins a user namespace. A pid namespace is for
/// children only, so that the process goes on as one: man unshare(2), <see cref="Linux.Processes.LaunchProgramBuilder.Rebirth"/>.
/// </remarks>
internal sealed record NewNamespaces(ulong Made) : Step
{
    private static readonly NamespaceType[] Types =
        [NamespaceType.Mount, NamespaceType.Pid, NamespaceType.Uts, NamespaceType.Ipc, NamespaceType.Network];

    public override string Action => "make namespaces in the user namespace";

    public override string Details =>
        string.Join(' ', Types.Where(type => (Made & NamespaceFlags.Of(type)) != 0).Select(NamespaceFlags.Name));

    internal override void Lower(Lowering to)
    {
        to.Call(SystemCall.unshare, (long)Made);
        if ((Made & CLONE_NEWPID) != 0)
        {
            to.Builder.Rebirth();
        }
    }
}
