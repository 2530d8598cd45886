// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using FileRoot = Tare.Linux.Files.Root;
using SpecHierarchy = Tare.Runtime.Planning.CgroupHierarchy;

namespace Tare.Runtime.Starting;

/// <summary>Looks at host and process for what a launch plan depends on.</summary>
internal static class PlanFacts
{
    private const int SysResource = 24;

    /// <param name="spec">what will be planned</param>
    /// <param name="cgroups">the host's hierarchies</param>
    /// <param name="joins">how many cgroups the process joins</param>
    /// <param name="fileBinds">indices of binds whose source is no directory</param>
    /// <param name="init">a process 1 of ours forwards signals and reaps</param>
    /// <param name="rootfs">the container's root file system</param>
    public static PlanHost Look(
        Spec spec, CgroupHost cgroups, int joins, IReadOnlySet<int> fileBinds, bool init, FileRoot rootfs)
    {
        ulong bounding = Capabilities.BoundingSet();
        bool mayRaise = (bounding & (1UL << SysResource)) != 0;
        return new()
        {
            CgroupHierarchies = Translate(cgroups.Hierarchies),
            CgroupCount = joins,
            Bounding = bounding,
            Permitted = bounding,
            LastCapability = Capabilities.LastSupported(),
            HardLimits = mayRaise ? null : HardLimits(spec.Process?.Rlimits ?? []),
            LowestOomScore = mayRaise ? -1000 : 0,
            TakesNearestLimit = true,
            FileBinds = fileBinds,
            DirectoryModes = CoveredModes(spec, rootfs),
            HasInit = init,
        };
    }

    /// <summary>A tmpfs without a mode of its own looks like the directory that it covers.</summary>
    private static Dictionary<string, uint> CoveredModes(Spec spec, FileRoot rootfs)
    {
        var modes = new Dictionary<string, uint>();
        foreach (Mount mount in spec.Mounts ?? [])
        {
            bool isUsers = mount.Type == "tmpfs" && !mount.Destination.StartsWith("/dev", StringComparison.Ordinal);
            using Fd? covered = isUsers
                ? rootfs.TryResolve(Encoding.UTF8.GetBytes(mount.Destination), OpenFlags.Path | OpenFlags.Directory)
                : null;
            if (covered is not null)
            {
                modes[mount.Destination] = covered.Status().Mode;
            }
        }

        return modes;
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

    /// <summary>Those of version 1. A loop: <c>Where(…).Select(…)</c> would cost each start what its types take to load.</summary>
    private static List<SpecHierarchy> Translate(IReadOnlyList<Linux.Cgroups.CgroupHierarchy> hierarchies)
    {
        var found = new List<SpecHierarchy>(hierarchies.Count);
        foreach (Linux.Cgroups.CgroupHierarchy hierarchy in hierarchies)
        {
            if (!hierarchy.IsUnified)
            {
                found.Add(new(hierarchy.Name, hierarchy.Options.Split(',')));
            }
        }

        return found;
    }
}
