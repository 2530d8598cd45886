// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Every container that runs has a keeper.</summary>
internal sealed class UnkeptContainers(TareEngine engine) : IConcern
{
    public string Name => "containers";

    public IEnumerable<Finding> Look(Inventory now) => now.States.Running
        .Where(container => !container.IsKept && !now.Changing.Contains(container.Id))
        .Select(static container => new Finding(
            "container", container.Id.Text, "it runs, and its keeper was killed", Repairable: true, "--repair gives it a new one"));

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (engine.Containers.Find(finding.Subject) is { } row)
            {
                Adoption.Adopt(engine, row);
            }
        }
    }
}
