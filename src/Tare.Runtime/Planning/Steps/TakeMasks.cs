// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>As <see cref="OpenMasks"/>, with a file system that the starter made: a user namespace makes no device node.</summary>
/// <param name="Given">position of the mount</param>
internal sealed record TakeMasks(int Given) : Step
{
    public override string Action => "take the masks";

    internal override void Lower(Lowering to)
    {
        Slot masks = to.Builder.Given(Given);
        to.Call(
            SystemCall.move_mount, masks, Arg.Text(""), AT_FDCWD, Arg.Text("/"), MOVE_MOUNT_F_EMPTY_PATH);
        to.SetAttributes(
            masks, recursive: false, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, clear: 0);
        to.Masks = masks;
    }
}
