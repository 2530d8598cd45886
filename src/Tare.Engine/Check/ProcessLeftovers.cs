// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.Containers;
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Every process in a cgroup of this store belongs to a container that runs.</summary>
internal sealed class ProcessLeftovers(TareEngine engine) : IConcern
{
    private const string Kind = "process";

    public string Name => "processes";

    public IEnumerable<Finding> Look(Inventory now) => Find(now)
        .OrderBy(static found => found.Key)
        .Select(static found => new Finding(Kind, Text(found.Key), $"{ProcessTable.TryName(found.Key)} in {Describe(found.Value)}, where it does not belong", Repairable: true));

    /// <summary>Kills those that are still there; what is in the cgroup of a container is killed with it.</summary>
    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            if (int.TryParse(finding.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
            {
                Leftover.Kill(process, () => Find(Inventory.Take(engine)).TryGetValue(process, out string? group)
                    && !ContainerId.TryParse(group, out _));
            }
        }
    }

    private static string Describe(string group) => group.Length == 0 ? "the cgroup of the store itself" : $"cgroup {group}";

    /// <summary>With the name of the cgroup; that of the parent is empty.</summary>
    private static Dictionary<int, string> Find(Inventory now)
    {
        Dictionary<int, string> found = [];
        foreach (int process in now.Cgroups.Strays())
        {
            found[process] = "";
        }

        foreach ((string name, List<string> paths) in now.Cgroups.Leaves.Where(leaf => !now.IsOwned(leaf.Key)))
        {
            foreach (int process in CgroupFamily.Processes(paths))
            {
                found[process] = name;
            }
        }

        return found;
    }

    private static string Text(int process) => process.ToString(CultureInfo.InvariantCulture);
}
