// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Takes over the root directory of a process that is being made, in which the host's paths still lead where they did.</summary>
/// <param name="Given">position of that directory</param>
/// <param name="Directory">the working directory, a path of the host</param>
/// <remarks>
/// man setns(2): who enters a mount namespace stands on what lies on top of its root, which may be the container's
/// masks by now; the first process stands below them until <see cref="PivotRoot"/>.
/// </remarks>
internal sealed record EnterRoot(int Given, string Directory) : Step
{
    public override string Action => "enter the root that the host's paths begin at";

    public override string Details => $"working directory {Directory}";

    internal override void Lower(Lowering to)
    {
        to.Call(SystemCall.fchdir, to.Builder.Given(Given));
        to.Call(SystemCall.chroot, Arg.Text("."));

        // a mapped root cannot go everywhere, and stays at the root then
        to.Builder.Call(SystemCall.chdir, [Arg.Text(Directory)], null, Linux.Errno.EACCES);
    }
}
