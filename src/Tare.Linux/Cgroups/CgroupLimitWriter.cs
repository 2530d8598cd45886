// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>Writes the limits that were asked for into the files of one cgroup, and only those.</summary>
/// <remarks>One class for each controller with more than a file or two; this one knows which.</remarks>
internal static class CgroupLimitWriter
{
    /// <summary>Those that have limits, in the order in which they are written.</summary>
    internal static IReadOnlyList<CgroupControllers> Controllers { get; } =
    [
        CgroupControllers.Memory, CgroupControllers.Cpu, CgroupControllers.Cpuset, CgroupControllers.Pids,
        CgroupControllers.BlockIo, CgroupControllers.HugeTlb, CgroupControllers.NetClass, CgroupControllers.NetPriority,
        CgroupControllers.Rdma,
    ];

    /// <summary>Writes what is asked of one controller.</summary>
    /// <param name="limits">what to write</param>
    /// <param name="controller">one of <see cref="Controllers"/></param>
    /// <param name="directory">of the cgroup</param>
    /// <param name="isUnified">v2</param>
    /// <exception cref="LinuxException">EOPNOTSUPP: the kernel has no such limit; else what it says of the value</exception>
    internal static void Write(CgroupLimits limits, CgroupControllers controller, string directory, bool isUnified)
    {
        switch (controller)
        {
            case CgroupControllers.Memory:
                MemoryLimits.Write(limits, directory, isUnified);
                break;
            case CgroupControllers.Cpu:
                CpuLimits.Write(limits, directory, isUnified);
                break;
            case CgroupControllers.Cpuset:
                LimitFile.Write(directory, "cpuset.cpus", limits.CpusetCpus);
                LimitFile.Write(directory, "cpuset.mems", limits.CpusetMems);
                break;
            case CgroupControllers.Pids:
                LimitFile.Write(directory, "pids.max", limits.Pids, whenUnlimited: "max");
                break;
            case CgroupControllers.BlockIo:
                BlockIoWriter.Write(limits.BlockIo!, directory, isUnified);
                break;
            case CgroupControllers.HugeTlb:
                HugepageLimits.Write(limits.Hugepages!, directory, isUnified);
                break;
            default:
                WriteOthers(limits, controller, directory, isUnified);
                break;
        }
    }

    private static void WriteOthers(
        CgroupLimits limits, CgroupControllers controller, string directory, bool isUnified)
    {
        if (controller == CgroupControllers.NetClass)
        {
            LimitFile.Write(directory, "net_cls.classid", isUnified ? null : LimitFile.Text(limits.NetworkClass));
        }
        else if (controller == CgroupControllers.NetPriority)
        {
            foreach ((string name, uint priority) in limits.NetworkPriorities!)
            {
                LimitFile.Write(directory, "net_prio.ifpriomap", $"{name} {LimitFile.Text(priority)}");
            }
        }
        else
        {
            foreach (string line in limits.Rdma!)
            {
                LimitFile.Write(directory, "rdma.max", line);
            }
        }
    }
}
