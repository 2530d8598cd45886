// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Attaches the container's root file system, which came as a detached mount.</summary>
/// <param name="Given">position of the mount</param>
/// <param name="Place">the place that <see cref="FindPlace"/> found; null: on top of the host's root</param>
/// <remarks>
/// The host's root is the one place that exists in every mount namespace, so that no path of the host is looked up.
/// The process still stands in the root below until <see cref="PivotRoot"/>.
/// </remarks>
internal sealed record AttachRoot(int Given, string? Place = null) : Step
{
    public override string Action => "attach the root file system";

    public override string Details => Place is null ? "" : $"at {Place}";

    internal override void Lower(Lowering to)
    {
        to.Root = to.Builder.Given(Given);
        if (Place is not null)
        {
            to.MoveMount(to.Root, to.Place);
            to.Close(to.Place);
            return;
        }

        to.Call(
            SystemCall.move_mount, to.Root, Arg.Text(""), AT_FDCWD, Arg.Text("/"), MOVE_MOUNT_F_EMPTY_PATH);
    }
}
