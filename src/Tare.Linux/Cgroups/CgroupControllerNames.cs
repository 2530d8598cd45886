// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>Controllers as the kernel writes them.</summary>
internal static class CgroupControllerNames
{
    /// <summary>Those of the unified hierarchy, as cgroup.subtree_control takes them.</summary>
    internal static IReadOnlyList<(CgroupControllers Controller, string Name)> OfUnified { get; } =
    [
        (CgroupControllers.Cpu, "cpu"),
        (CgroupControllers.Cpuset, "cpuset"),
        (CgroupControllers.Memory, "memory"),
        (CgroupControllers.Pids, "pids"),
        (CgroupControllers.BlockIo, "io"),
        (CgroupControllers.HugeTlb, "hugetlb"),
        (CgroupControllers.Rdma, "rdma"),
        (CgroupControllers.Misc, "misc"),
    ];

    /// <summary>The controller of this name; v2's <c>io</c> is v1's <c>blkio</c>. None for others.</summary>
    internal static CgroupControllers Parse(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("cpu"u8) => CgroupControllers.Cpu,
        _ when name.SequenceEqual("cpuacct"u8) => CgroupControllers.CpuAccount,
        _ when name.SequenceEqual("cpuset"u8) => CgroupControllers.Cpuset,
        _ when name.SequenceEqual("memory"u8) => CgroupControllers.Memory,
        _ when name.SequenceEqual("devices"u8) => CgroupControllers.Devices,
        _ when name.SequenceEqual("freezer"u8) => CgroupControllers.Freezer,
        _ when name.SequenceEqual("blkio"u8) || name.SequenceEqual("io"u8) => CgroupControllers.BlockIo,
        _ when name.SequenceEqual("pids"u8) => CgroupControllers.Pids,
        _ when name.SequenceEqual("hugetlb"u8) => CgroupControllers.HugeTlb,
        _ when name.SequenceEqual("net_cls"u8) => CgroupControllers.NetClass,
        _ when name.SequenceEqual("net_prio"u8) => CgroupControllers.NetPriority,
        _ when name.SequenceEqual("perf_event"u8) => CgroupControllers.PerfEvent,
        _ when name.SequenceEqual("rdma"u8) => CgroupControllers.Rdma,
        _ when name.SequenceEqual("misc"u8) => CgroupControllers.Misc,
        _ => CgroupControllers.None,
    };

    /// <summary>All controllers in a list with this separator.</summary>
    internal static CgroupControllers ParseList(ReadOnlySpan<byte> list, byte separator)
    {
        CgroupControllers found = CgroupControllers.None;
        foreach (Range part in list.Split(separator))
        {
            found |= Parse(list[part].Trim((byte)'\n'));
        }

        return found;
    }
}
