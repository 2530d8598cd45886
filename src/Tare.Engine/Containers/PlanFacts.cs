// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using SpecHierarchy = Tare.Runtime.Planning.CgroupHierarchy;

namespace Tare.Engine.Containers;

/// <summary>Looks at host and process for what a launch plan depends on.</summary>
internal static class PlanFacts
{
    private const int SysResource = 24;

    /// <param name="spec">what will be planned</param>
    /// <param name="cgroups">the host's hierarchies</param>
    /// <param name="joins">how many cgroups the process joins</param>
    /// <param name="fileBinds">indices of binds whose source is no directory</param>
    /// <param name="init">a process 1 of ours forwards signals and reaps</param>
    public static PlanHost Look(
        Spec spec, CgroupHost cgroups, int joins, IReadOnlySet<int> fileBinds, bool init)
    {
        ulong bounding = Capabilities.BoundingSet();
        bool mayRaise = (bounding & (1UL << SysResource)) != 0;
        return new()
        {
            CgroupHierarchies = [.. cgroups.Hierarchies.Where(h => !h.IsUnified).Select(Translate)],
            CgroupCount = joins,
            Bounding = bounding,
            Permitted = bounding,
            HardLimits = mayRaise ? null : HardLimits(spec.Process?.Rlimits ?? []),
            LowestOomScore = mayRaise ? -1000 : 0,
            TakesNearestLimit = true,
            FileBinds = fileBinds,
            HasInit = init,
        };
    }

    private static Dictionary<string, ulong> HardLimits(IReadOnlyList<ResourceLimit> wanted)
    {
        var limits = new Dictionary<string, ulong>();
        foreach (ResourceLimit limit in wanted)
        {
            if (Rlimit.TryParse(limit.Type, out int resource))
            {
                limits[limit.Type] = Rlimit.Current(resource).Hard;
            }
        }

        return limits;
    }

    private static SpecHierarchy Translate(Linux.Cgroups.CgroupHierarchy hierarchy)
    {
        string directory = hierarchy.MountPoint[(hierarchy.MountPoint.LastIndexOf('/') + 1)..];
        return hierarchy.Controllers == CgroupControllers.None
            ? new(directory, ["none", $"name={directory}"])
            : new(directory, directory.Split(','));
    }
}
