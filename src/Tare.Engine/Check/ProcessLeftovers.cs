// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
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
        .Select(static found => new Finding(Kind, Text(found.Key), $"{ProcessTable.TryName(found.Key)} in {found.Value}, where it does not belong", Repairable: true));

    /// <summary>Kills those that are still there; what is in the cgroup of a container dies with it.</summary>
    public void Repair(IReadOnlyList<Finding> findings)
    {
        HashSet<string> named = [.. findings.Select(static finding => finding.Subject)];
        foreach (int process in Find(Inventory.Take(engine)).Keys.Where(process => named.Contains(Text(process))))
        {
            // opened first and looked for again, so that the number cannot be somebody else's by now
            using Pidfd? opened = Pidfd.TryOpen(process);
            if (opened is not null && process != Environment.ProcessId && Find(Inventory.Take(engine)).ContainsKey(process))
            {
                opened.TrySend(Signals.Kill);
            }
        }
    }

    private static Dictionary<int, string> Find(Inventory now)
    {
        Dictionary<int, string> found = [];
        foreach (int process in now.Cgroups.Strays())
        {
            found[process] = "the cgroup of the store itself";
        }

        foreach ((string name, List<string> paths) in now.Cgroups.Leaves.Where(leaf => !now.IsOwned(leaf.Key)))
        {
            foreach (int process in CgroupFamily.Processes(paths))
            {
                found[process] = $"cgroup {name}";
            }
        }

        return found;
    }

    private static string Text(int process) => process.ToString(CultureInfo.InvariantCulture);
}
