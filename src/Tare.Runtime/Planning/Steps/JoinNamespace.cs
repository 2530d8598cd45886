// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Joins an existing namespace.</summary>
/// <param name="Type">which kind; a pid namespace is entered by birth instead, see <see cref="LaunchPlan.PidNamespace"/></param>
/// <param name="Path">where the starter opened it</param>
/// <param name="Given">position of its descriptor</param>
/// <remarks>The kernel puts a process that joins a mount namespace at its root, which is the container's from here on.</remarks>
internal sealed record JoinNamespace(NamespaceType Type, string Path, int Given) : Step
{
    public override string Action => $"join the {NamespaceFlags.Name(Type)} namespace {Path}";

    internal override void Lower(Lowering to)
    {
        to.Call(SystemCall.setns, to.Builder.Given(Given), (long)NamespaceFlags.Of(Type));
        if (Type == NamespaceType.Mount)
        {
            to.Root = to.Get(SystemCall.openat, AT_FDCWD, Arg.Text("/"), O_PATH | O_DIRECTORY | O_CLOEXEC);
        }
    }
}
