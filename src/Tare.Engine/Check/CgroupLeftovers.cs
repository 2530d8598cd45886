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

    public IEnumerable<Finding> Look(Inventory now) =>
    [
        .. now.Cgroups.Leaves
            .Where(leaf => !now.IsOwned(leaf.Key))
            .OrderBy(static leaf => leaf.Key, StringComparer.Ordinal)
            .Select(leaf => new Finding(Kind, leaf.Key, Describe(now, leaf.Key, leaf.Value), Repairable: true)),
        .. now.Placed
            .Where(place => !now.IsOwned(place.Name) && !now.Cgroups.Leaves.ContainsKey(place.Name))
            .Select(static place => new Finding(
                Kind, place.Name, place.Cgroup is null ? "where it is cannot be read" : "it is gone, and still written down", Repairable: true)),
    ];

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (ContainerId.TryParse(finding.Subject, out ContainerId id))
            {
                DeadContainer.Finish(engine, id);
            }
            else if (Inventory.Take(engine).Placed.Any(place => place.Name == finding.Subject))
            {
                CgroupPlaces.Remove(engine.Folders, finding.Subject);
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

    private static string Describe(Inventory now, string name, List<string> paths)
    {
        string what = ContainerId.TryParse(name, out _) ? "its container does not run" : "it is not a container's";
        int processes = CgroupFamily.Processes(paths).Count;
        return $"{what}; {processes} {(processes == 1 ? "process" : "processes")} in {string.Join(", ", paths.Select(path => Place(now, path)))}";
    }

    /// <summary>The folder that the store's parent stands in, <c>memory</c>, <c>unified</c> …, or the whole path of another parent.</summary>
    private static string Place(Inventory now, string leaf)
    {
        string[] parts = leaf.Split('/');
        bool isUsual = now.StoreId is { } store && parts.Length > 2 && parts[^2] == Inventory.CgroupParent(store);
        return isUsual ? parts[^3] : leaf[..leaf.LastIndexOf('/')];
    }
}
