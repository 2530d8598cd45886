// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning.Steps;

/// <summary>Opens a procfs for the steps after it that is attached nowhere.</summary>
/// <remarks>
/// What the container sees at /proc can be covered by its mounts, and a write meant for one file would reach another
/// (CVE-2019-16884, CVE-2025-52881). This one has no name; beside the masks it is only to go away with them.
/// </remarks>
internal sealed record OpenProc : Step
{
    public override string Action => "open a private procfs";

    internal override void Lower(Lowering to)
    {
        to.Proc = to.NewFileSystem("proc", [], 0);
        if (to.Masks is not null)
        {
            to.PutAside(to.Proc, OpenMasks.AsideDirectory);
        }
    }
}
