// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes a mount of the container's read-only, after steps that needed to write there.</summary>
/// <param name="Path">clean path of the mount, <c>/</c> for the root file system</param>
internal sealed record SealMount(string Path) : Step
{
    public override string Action => $"seal {Path} read-only";

    internal override void Lower(Lowering to)
    {
        if (Path == "/")
        {
            to.SetAttributes(to.Root, recursive: false, MOUNT_ATTR_RDONLY, clear: 0);
            return;
        }

        Slot mount = to.Open(to.Root, Arg.Text(TargetPath.Relative(Path)), O_PATH, TargetPath.Resolve(Path));
        to.SetAttributes(mount, recursive: false, MOUNT_ATTR_RDONLY, clear: 0);
        to.Close(mount);
    }
}
