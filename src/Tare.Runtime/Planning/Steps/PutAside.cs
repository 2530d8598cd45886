// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Attaches detached mounts that nobody needs any more where they go away together with the host's tree.</summary>
/// <param name="First">position of the first</param>
/// <param name="Count">how many</param>
/// <remarks>
/// To close the last descriptor of a detached mount unmounts it, and each time that is done alone the caller waits for an
/// RCU grace period: 0.1 ms on a quiet machine, several on a busy one.
/// </remarks>
internal sealed record PutAside(int First, int Count) : Step
{
    public override string Action => $"put aside {Count} spent mounts";

    internal override void Lower(Lowering to)
    {
        for (int i = 0; i < Count; i++)
        {
            Slot mount = to.Builder.Given(First + i);
            Slot moved = to.Builder.NewSlot();
            to.PutAside(mount, OpenMasks.AsideDirectory, moved);

            // a file covers no directory: EINVAL
            to.When(moved.Failed, () => to.PutAside(mount, OpenMasks.AsideFile));
        }
    }
}
