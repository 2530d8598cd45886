// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Says which limits this machine cannot give, in docker's words. What no machine can is refused before.</summary>
internal static class CgroupLimitsCheck
{
    private const int MaxListBytes = 64 << 10;

    /// <summary>Null when the machine can do it all.</summary>
    internal static string? Problem(CgroupLimits limits, CgroupHost host) =>
        Controllers(limits, host) ?? Cpuset(limits, host);

    /// <summary>Processors of the machine that are switched on.</summary>
    internal static int OnlineCpus() => ReadSet("/sys/devices/system/cpu/online")?.Count ?? 1;

    private static string? Controllers(CgroupLimits limits, CgroupHost host) =>
        host.Missing(limits) is var missing and not CgroupControllers.None
            ? $"this machine has no {missing.ToString().ToLowerInvariant()} cgroup controller, which the limit needs"
            : null;

    private static string? Cpuset(CgroupLimits limits, CgroupHost host)
    {
        if (limits.CpusetCpus is null && limits.CpusetMems is null)
        {
            return null;
        }

        string? root = host.Find(CgroupControllers.Cpuset)?.MountPoint;
        return Cpuset(limits.CpusetCpus, root, "cpuset.cpus", "cpuset cpus", "CPUs")
            ?? Cpuset(limits.CpusetMems, root, "cpuset.mems", "cpuset mems", "memory nodes");
    }

    private static string? Cpuset(string? asked, string? root, string file, string option, string what)
    {
        if (string.IsNullOrEmpty(asked))
        {
            return null;
        }

        if (!CpuSet.TryParse(asked, out CpuSet? set))
        {
            return $"invalid value {asked} for {option}";
        }

        string? available = Available(root, $"{file}.effective") ?? Available(root, file);
        return available is not null && CpuSet.TryParse(available, out CpuSet? there) && !set.IsSubsetOf(there)
            ? $"requested {what} are not available - requested {asked}, available: {available}"
            : null;
    }

    private static string? Available(string? root, string file) =>
        root is not null && CgroupFile.TryReadLine(root, file) is { Length: > 0 } text ? text : null;

    private static CpuSet? ReadSet(string path) =>
        HostPath.TryReadAll(path, MaxListBytes) is { } bytes
            && CpuSet.TryParse(System.Text.Encoding.ASCII.GetString(bytes).TrimEnd('\n'), out CpuSet? set)
            ? set
            : null;
}
