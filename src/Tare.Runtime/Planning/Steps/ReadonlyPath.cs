// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes a path and all below it read-only; a path that does not exist stays so.</summary>
/// <param name="Path">clean path inside the container</param>
internal sealed record ReadonlyPath(string Path) : Step
{
    public override string Action => $"make {Path} read-only";

    internal override void Lower(Lowering to)
    {
        Slot target = to.Open(
            to.Root,
            Arg.Text(TargetPath.Relative(Path)),
            O_PATH,
            TargetPath.Resolve(Path),
            Errno.ENOENT,
            Errno.ENOTDIR);
        to.When(target.Succeeded, () =>
        {
            Slot copy = to.CloneTree(target, "", recursive: true);
            to.SetAttributes(copy, recursive: true, MOUNT_ATTR_RDONLY, clear: 0);
            to.MoveMount(copy, target);
            to.Close(copy);
        });
        to.Close(target);
    }
}
