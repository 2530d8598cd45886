// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups.Usage;

/// <summary>The processors and memory nodes that are used, and v1's settings of them.</summary>
/// <param name="Cpus">numbers of processors</param>
/// <param name="Mems">numbers of memory nodes</param>
/// <param name="Settings">names without <c>cpuset.</c> and values, as written; empty with v2</param>
/// <remarks>kernel admin-guide/cgroup-v1/cpusets.rst</remarks>
internal sealed record CpusetUsage(
    IReadOnlyList<int> Cpus, IReadOnlyList<int> Mems, IReadOnlyList<KeyValuePair<string, long>> Settings)
{
    /// <summary>What runc tells, in its order.</summary>
    private static readonly string[] Names =
    [
        "cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab",
        "memory_pressure", "sched_load_balance", "sched_relax_domain_level",
    ];

    internal static CpusetUsage Read(Cgroup cgroup)
    {
        if (cgroup.Find("cpuset.sched_load_balance") is not { } directory)
        {
            string? unified = cgroup.Find("cpuset.cpus.effective");
            return new(Set(unified, "cpuset.cpus.effective"), Set(unified, "cpuset.mems.effective"), []);
        }

        return new(
            Set(directory, "cpuset.cpus"),
            Set(directory, "cpuset.mems"),
            [.. Names.Select(name => KeyValuePair.Create(name, CgroupFile.TryReadNumber(directory, $"cpuset.{name}") ?? 0))]);
    }

    private static IReadOnlyList<int> Set(string? directory, string file) =>
        directory is not null && CgroupFile.TryReadLine(directory, file) is { } text && CpuSet.TryParse(text, out CpuSet? set)
            ? [.. set.Numbers()]
            : [];
}
