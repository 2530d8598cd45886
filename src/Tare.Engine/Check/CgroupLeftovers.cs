// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux.Cgroups;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Every cgroup of this store, in every hierarchy, is of a container that runs.</summary>
/// <remarks>The parent of them all stays when it is empty: that is no finding, and a repair removes it.</remarks>
internal sealed class CgroupLeftovers(TareEngine engine) : IConcern
{
    private const string Kind = "cgroup";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "cgroups";

    public IEnumerable<Finding> Look(Inventory now) => now.Cgroups.Leaves
        .Where(leaf => !now.IsOwned(leaf.Key))
        .OrderBy(static leaf => leaf.Key, StringComparer.Ordinal)
        .Select(static leaf => new Finding(Kind, leaf.Key, Describe(leaf.Key, leaf.Value), Repairable: true));

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (ContainerId.TryParse(finding.Subject, out ContainerId id))
            {
                DeadContainer.Finish(engine, id);
            }
            else
            {
                Cgroup foreign = CgroupHost.Detect().Open(Inventory.CgroupParent(engine.Folders.StoreId), finding.Subject);
                foreign.Kill();
                foreign.Remove(Patience);
            }
        }

        RemoveParent();
    }

    /// <summary>Who is about to make a cgroup below has his operation on record before: then it stays.</summary>
    private void RemoveParent()
    {
        var now = Inventory.Take(engine);
        bool isUnused = now.StoreId is not null && now.Cgroups.Leaves.Count == 0 && now.Running.Count == 0;
        if (isUnused && Operation.List(engine.Folders).Count == 0)
        {
            now.Cgroups.RemoveEmptyParents();
        }
    }

    private static string Describe(string name, List<string> paths)
    {
        string what = ContainerId.TryParse(name, out _) ? "its container does not run" : "it is not a container's";
        int processes = CgroupFamily.Processes(paths).Count;
        return $"{what}; {processes} {(processes == 1 ? "process" : "processes")} in {string.Join(", ", paths.Select(Hierarchy))}";
    }

    /// <summary>The folder that the parent stands in: <c>memory</c>, <c>unified</c> …</summary>
    private static string Hierarchy(string leaf)
    {
        string[] parts = leaf.Split('/');
        return parts.Length > 2 ? parts[^3] : leaf;
    }
}
