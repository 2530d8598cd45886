// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>ops/: every file is of a change that a living process is making.</summary>
internal sealed class StaleOperations(TareEngine engine) : IConcern
{
    private const int MaxNames = 1 << 20;

    public string Name => "operations";

    public IEnumerable<Finding> Look(Inventory now) => engine.Folders.Operations.SortedNames(MaxNames)
        .Select(Encoding.UTF8.GetString)
        .Where(name => !ContainerId.TryParse(name, out ContainerId id) || !now.Changing.Contains(id))
        .Select(static name => new Finding("operation", name, "the process that made this change is dead", Repairable: true));

    public void Repair(IReadOnlyList<Finding> findings)
    {
        Recovery.FinishOperations(engine);
        foreach (Finding finding in findings.Where(static f => !ContainerId.TryParse(f.Subject, out _)))
        {
            FileTree.Remove(engine.Folders.Operations, Encoding.UTF8.GetBytes(finding.Subject));
        }
    }
}
