// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Mounts the devpts in which the container's terminal lives.</summary>
/// <param name="Target">clean path inside the container</param>
/// <param name="Flags">attributes</param>
internal sealed record MountTerminals(string Target, MountFlags Flags) : Step
{
    public override string Action => $"mount the terminal's devpts on {Target}";

    public override string Details => StepText.Attributes(Flags);

    internal override void Lower(Lowering to)
    {
        Slot mount = to.Builder.Given((int)GivenKind.TerminalMount);
        Slot target = to.MountPoint(Target, isDirectory: true);
        to.SetAttributes(mount, recursive: false, Flags.Set, Flags.Clear);
        to.MoveMount(mount, target);
        to.Close(target);
    }
}
