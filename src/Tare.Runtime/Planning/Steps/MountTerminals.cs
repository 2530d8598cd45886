// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Mounts the devpts in which the container's terminal lives.</summary>
/// <param name="Target">clean path inside the container</param>
/// <param name="Flags">attributes</param>
/// <param name="Options">what the starter made the file system with</param>
internal sealed record MountTerminals(
    string Target, MountFlags Flags, IReadOnlyList<KeyValuePair<string, string?>> Options) : Step
{
    private const string Usual = "newinstance,ptmxmode=0666,mode=0620,gid=5";

    public override string Action => $"mount the terminal's devpts on {Target}";

    public override string Details =>
        StepText.Join(StepText.Attributes(Flags), StepText.Options(Options) is var text and not Usual ? text : "");

    internal override void Lower(Lowering to)
    {
        Slot mount = to.Builder.Given((int)GivenKind.TerminalMount);
        Slot target = to.MountPoint(Target, isDirectory: true);
        to.SetAttributes(mount, recursive: false, Flags.Set, Flags.Clear);
        to.MoveMount(mount, target);
        to.Close(target);
    }
}
