// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Says what is wrong with limits that a user asked for, in docker's words.</summary>
internal static class CgroupLimitsCheck
{
    private const long LeastMemory = 6L << 20;
    private const long MostSwappiness = 100;
    private const long LeastQuota = 1_000;
    private const ulong LeastPeriod = 1_000;
    private const ulong MostPeriod = 1_000_000;
    private const int MaxListBytes = 64 << 10;
    private const long NanosPerCpu = 1_000_000_000;

    /// <summary>Null when the machine can do it all.</summary>
    internal static string? Problem(CgroupLimits limits, CgroupHost host) =>
        Memory(limits) ?? Cpu(limits) ?? Controllers(limits, host) ?? Cpuset(limits, host);

    /// <summary>For a number of processors such as 1.5, in billionths; null when the machine has so many.</summary>
    internal static string? Cpus(long nanoCpus)
    {
        int available = OnlineCpus();
        return nanoCpus >= NanosPerCpu / 100 && nanoCpus <= available * NanosPerCpu
            ? null
            : $"range of CPUs is from 0.01 to {available}.00, as there are only {available} CPUs available";
    }

    /// <summary>Processors of the machine that are switched on.</summary>
    internal static int OnlineCpus() => ReadSet("/sys/devices/system/cpu/online")?.Count ?? 1;

    private static string? Memory(CgroupLimits limits)
    {
        long memory = limits.Memory ?? 0;
        long both = limits.MemoryAndSwap ?? 0;
        long reservation = limits.MemoryReservation ?? 0;
        return limits switch
        {
            _ when limits.Memory is not (null or -1) && memory < LeastMemory => "minimum memory limit allowed is 6MB",
            _ when both > 0 && memory <= 0 =>
                "you should always set the memory limit when using memoryswap limit, see usage",
            _ when both > 0 && both < memory =>
                "minimum memoryswap limit should be larger than memory limit, see usage",
            _ when both < -1 => string.Create(CultureInfo.InvariantCulture, $"invalid memoryswap limit: {both}"),
            _ when limits.MemorySwappiness is < 0 or > MostSwappiness => string.Create(
                CultureInfo.InvariantCulture,
                $"invalid value: {limits.MemorySwappiness}, valid memory swappiness range is 0-100"),
            _ when limits.MemoryReservation is not null && reservation < LeastMemory =>
                "minimum memory reservation allowed is 6MB",
            _ when memory > 0 && reservation > memory =>
                "minimum memory limit can not be less than memory reservation limit, see usage",
            _ => null,
        };
    }

    private static string? Cpu(CgroupLimits limits) => limits switch
    {
        _ when limits.CpuPeriod is < LeastPeriod or > MostPeriod =>
            "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
        _ when limits.CpuQuota is not (null or -1) && limits.CpuQuota < LeastQuota =>
            "CPU cfs quota can not be less than 1ms (i.e. 1000)",
        _ when limits.Pids is 0 or < -1 => "the limit of processes must be at least 1, or -1 for none",
        _ => null,
    };

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
