// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Changes attributes of what is mounted at a place: <c>remount</c> of mount(8).</summary>
/// <param name="Path">clean path inside the container; something must be mounted there</param>
/// <param name="Flags">attributes and propagation</param>
internal sealed record ChangeMount(string Path, MountFlags Flags) : Step
{
    public override string Action => $"remount {Path}";

    public override string Details => StepText.Attributes(Flags);

    internal override void Lower(Lowering to)
    {
        Slot mount = to.Open(to.Root, Arg.Text(TargetPath.Relative(Path)), O_PATH, TargetPath.Resolve(Path));
        to.Change(mount, Flags);
        to.Close(mount);
    }
}
