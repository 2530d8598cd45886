// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups.Usage;

/// <summary>All that the kernel counts of a container, at one moment; what the machine does not count is 0 or empty.</summary>
/// <param name="Cpu">time of processors</param>
/// <param name="Cpuset">which of them, which memory nodes</param>
/// <param name="Memory">bytes</param>
/// <param name="Processes">processes and threads now</param>
/// <param name="ProcessLimit">how many there may be; 0: any number</param>
/// <param name="BlockIo">of disks</param>
/// <param name="Hugepages">bytes of each size of huge pages, by the kernel's name of the size: <c>2MB</c></param>
internal sealed record CgroupUsage(
    CpuUsage Cpu,
    CpusetUsage Cpuset,
    MemoryUsage Memory,
    ulong Processes,
    ulong ProcessLimit,
    BlockIoUsage BlockIo,
    IReadOnlyList<KeyValuePair<string, MemoryCounter>> Hugepages)
{
    internal static CgroupUsage Read(Cgroup cgroup)
    {
        string? pids = cgroup.Find("pids.current");
        ulong limit = UsageFile.Number(pids, "pids.max");
        return new(
            CpuUsage.Read(cgroup),
            CpusetUsage.Read(cgroup),
            MemoryUsage.Read(cgroup),
            UsageFile.Number(pids, "pids.current"),
            limit == ulong.MaxValue ? 0 : limit,
            BlockIoUsage.Read(cgroup),
            HugepageUsage.Read(cgroup));
    }
}
