// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Mounts a file or directory of the host's, which came as a detached mount.</summary>
/// <param name="Given">position of the mount</param>
/// <param name="Source">its path on the host, for the reader</param>
/// <param name="Target">clean path inside the container</param>
/// <param name="IsDirectory">false for everything else, which is mounted on a file</param>
/// <param name="Flags">attributes and propagation</param>
internal sealed record BindMount(int Given, string Source, string Target, bool IsDirectory, MountFlags Flags) : Step
{
    public override string Action => $"bind {Source} on {Target}";

    public override string Details => StepText.Join(IsDirectory ? "" : "file", StepText.Attributes(Flags));

    internal override void Lower(Lowering to)
    {
        Slot mount = to.Builder.Given(Given);
        Slot target = to.MountPoint(Target, IsDirectory);

        // attributes first: a mount that is still a peer of the host's must not be attached
        to.Change(mount, Flags);
        to.MoveMount(mount, target);
        to.Close(mount, target);
    }
}
