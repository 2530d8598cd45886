// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets how mounts made later on the container's root spread.</summary>
/// <param name="Propagation">MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE</param>
/// <param name="IsRecursive">true for all mounts below too</param>
internal sealed record SetRootPropagation(ulong Propagation, bool IsRecursive) : Step
{
    public override string Action => "set the propagation of /";

    public override string Details => StepText.Propagation(Propagation, IsRecursive);

    internal override void Lower(Lowering to) => to.SetAttributes(to.Root, IsRecursive, 0, 0, Propagation);
}
