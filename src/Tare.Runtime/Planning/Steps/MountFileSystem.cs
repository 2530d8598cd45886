// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Mounts a new file system inside the container.</summary>
/// <param name="Type">as of fsopen(2)</param>
/// <param name="Target">clean path inside the container</param>
/// <param name="Options">parameters of the file system, in order; a null value is a flag</param>
/// <param name="Flags">attributes and propagation</param>
internal sealed record MountFileSystem(
    string Type, string Target, IReadOnlyList<KeyValuePair<string, string?>> Options, MountFlags Flags) : Step
{
    public override string Action => $"mount {Type} on {Target}";

    public override string Details => StepText.Join(
        StepText.Attributes(Flags), StepText.Options(Options));

    internal override void Lower(Lowering to)
    {
        Slot target = to.MountPoint(Target, isDirectory: true);
        Slot mount = to.NewFileSystem(Type, Options.ToArray(), Flags.Set | Flags.RecursiveSet);
        to.MoveMount(mount, target);
        if (Flags.Propagation is not (0 or MS_PRIVATE))
        {
            to.SetAttributes(mount, recursive: false, 0, 0, Flags.Propagation);
        }

        to.Close(mount, target);
    }
}
