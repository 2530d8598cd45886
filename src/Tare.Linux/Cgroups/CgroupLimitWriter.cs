// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Writes the limits that were asked for into the files of one cgroup, and only those.</summary>
/// <param name="limits">what to write</param>
internal sealed class CgroupLimitWriter(CgroupLimits limits)
{
    internal const long DefaultPeriod = 100_000;

    private const long Unlimited = -1;

    internal void WriteV1(CgroupControllers controller, string directory)
    {
        switch (controller)
        {
            case CgroupControllers.Memory:
                WriteMemoryV1(directory);
                break;
            case CgroupControllers.Cpu:
                Write(directory, "cpu.shares", (long?)limits.CpuShares);
                Write(directory, "cpu.cfs_period_us", (long?)limits.CpuPeriod);
                Write(directory, "cpu.cfs_quota_us", limits.CpuQuota);
                break;
            default:
                WriteBoth(controller, directory);
                break;
        }
    }

    internal void WriteV2(CgroupControllers controller, string directory)
    {
        switch (controller)
        {
            case CgroupControllers.Memory:
                WriteMemoryV2(directory);
                break;
            case CgroupControllers.Cpu:
                Write(directory, "cpu.weight", limits.CpuShares is { } shares ? CpuWeight.FromShares(shares) : null);
                WriteBandwidthV2(directory);
                break;
            default:
                WriteBoth(controller, directory);
                break;
        }
    }

    /// <summary>memory.swap.max counts swap alone.</summary>
    internal static long SwapAlone(long memoryAndSwap, long memory) =>
        memoryAndSwap == Unlimited ? Unlimited : Math.Max(0, memoryAndSwap - memory);

    private void WriteBoth(CgroupControllers controller, string directory)
    {
        if (controller == CgroupControllers.Pids)
        {
            Write(directory, "pids.max", limits.Pids, whenUnlimited: "max");
        }
        else if (controller == CgroupControllers.Cpuset)
        {
            Write(directory, "cpuset.cpus", limits.CpusetCpus);
            Write(directory, "cpuset.mems", limits.CpusetMems);
        }
    }

    private void WriteMemoryV1(string directory)
    {
        const string Limit = "memory.limit_in_bytes";
        const string Both = "memory.memsw.limit_in_bytes";
        long? both = HostPath.TryStatus($"{directory}/{Both}") is null ? null : limits.MemoryAndSwap;
        try
        {
            Write(directory, Limit, limits.Memory);
            Write(directory, Both, both);
        }
        catch (LinuxException e) when (e.Errno == Errno.EINVAL && both is not null)
        {
            // never may the first be above the second: a limit that is raised needs the other order
            Write(directory, Both, both);
            Write(directory, Limit, limits.Memory);
        }

        Write(directory, "memory.soft_limit_in_bytes", limits.MemoryReservation);
        Write(directory, "memory.swappiness", limits.MemorySwappiness);
    }

    private void WriteMemoryV2(string directory)
    {
        if (limits.MemoryAndSwap is { } both && HostPath.TryStatus($"{directory}/memory.swap.max") is not null)
        {
            Write(directory, "memory.swap.max", SwapAlone(both, limits.Memory ?? 0), whenUnlimited: "max");
        }

        Write(directory, "memory.max", limits.Memory, whenUnlimited: "max");
        Write(directory, "memory.low", limits.MemoryReservation);
    }

    private void WriteBandwidthV2(string directory)
    {
        if (limits.CpuQuota is null && limits.CpuPeriod is null)
        {
            return;
        }

        long quota = limits.CpuQuota ?? Unlimited;
        long period = (long?)limits.CpuPeriod ?? DefaultPeriod;
        string text = quota == Unlimited ? "max" : quota.ToString(CultureInfo.InvariantCulture);
        CgroupFile.Write(directory, "cpu.max", string.Create(CultureInfo.InvariantCulture, $"{text} {period}"));
    }

    private static void Write(string directory, string file, long? value, string whenUnlimited = "-1")
    {
        if (value is { } number)
        {
            CgroupFile.Write(
                directory, file, number == Unlimited ? whenUnlimited : number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Write(string directory, string file, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            CgroupFile.Write(directory, file, value);
        }
    }
}
