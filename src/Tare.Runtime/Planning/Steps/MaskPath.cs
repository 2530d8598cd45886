// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Covers a path so that it reads as an empty file or directory; a path that does not exist stays so.</summary>
/// <param name="Path">clean path inside the container</param>
internal sealed record MaskPath(string Path) : Step
{
    public override string Action => $"mask {Path}";

    internal override void Lower(Lowering to)
    {
        Slot masks = to.Masks ?? throw new InvalidOperationException("a mask before the masks are mounted");
        Slot target = to.Open(
            to.Root,
            Arg.Text(TargetPath.Relative(Path)),
            O_PATH,
            TargetPath.Resolve(Path),
            Errno.ENOENT,
            Errno.ENOTDIR);
        Slot moved = to.Builder.NewSlot();
        Slot file = default;
        to.When(target.Succeeded, () =>
        {
            file = to.CloneTree(masks, OpenMasks.NullDevice);
            to.Builder.Call(
                SystemCall.move_mount,
                [file, Arg.Text(""), target, Arg.Text(""), MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH],
                moved,
                Errno.EINVAL);
        });

        // a file cannot cover a directory: EINVAL; a slot that was never filled counts as success
        to.When(moved.Failed, () =>
        {
            to.PutAside(file, OpenMasks.AsideFile);
            Slot directory = to.CloneTree(masks, OpenMasks.EmptyDirectory);
            to.MoveMount(directory, target);
            to.Close(directory);
        });
        to.When(target.Succeeded, () => to.Close(file));
        to.Close(target);
    }
}
