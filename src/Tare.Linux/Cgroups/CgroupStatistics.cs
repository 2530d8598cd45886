// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>What a container uses now; null where the machine does not count it.</summary>
/// <param name="MemoryBytes">including the page cache</param>
/// <param name="MemoryPeakBytes">the most so far</param>
/// <param name="Processes">processes and threads</param>
/// <param name="OutOfMemoryKills">processes killed because the container reached its memory limit</param>
/// <param name="CpuMicroseconds">of processor time so far</param>
internal sealed record CgroupStatistics(
    long? MemoryBytes, long? MemoryPeakBytes, long? Processes, long? OutOfMemoryKills, long? CpuMicroseconds)
{
    private const long NanosecondsPerMicrosecond = 1000;

    internal static CgroupStatistics Read(Cgroup cgroup) => new(
        Number(cgroup, "memory.usage_in_bytes", "memory.current"),
        Number(cgroup, "memory.max_usage_in_bytes", "memory.peak"),
        Number(cgroup, "pids.current", "pids.current"),
        Key(cgroup, "memory.oom_control", "oom_kill"u8) ?? Key(cgroup, "memory.events", "oom_kill"u8),
        Number(cgroup, "cpuacct.usage", "cpuacct.usage") / NanosecondsPerMicrosecond
            ?? Key(cgroup, "cpu.stat", "usage_usec"u8));

    private static long? Number(Cgroup cgroup, string v1, string v2) =>
        cgroup.Find(v1) is { } directory ? CgroupFile.TryReadNumber(directory, v1)
        : cgroup.Find(v2) is { } unified ? CgroupFile.TryReadNumber(unified, v2)
        : null;

    private static long? Key(Cgroup cgroup, string file, ReadOnlySpan<byte> key) =>
        cgroup.Find(file) is { } directory ? CgroupFile.TryReadKey(directory, file, key) : null;
}
