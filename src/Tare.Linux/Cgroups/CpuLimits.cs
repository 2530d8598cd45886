// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Linux.Cgroups;

/// <summary>Limits of the cpu controller: weight, bandwidth, idleness, real time.</summary>
/// <remarks>
/// The kernel refuses a value that does not fit the others at that moment: a burst above the quota, a quota that with
/// the old period is more than the parent's. What is refused is written again after the others.
/// </remarks>
internal static class CpuLimits
{
    internal const long DefaultPeriod = 100_000;

    internal static void Write(CgroupLimits limits, string directory, bool isUnified)
    {
        LimitFile.Write(directory, "cpu.idle", limits.CpuIdle);

        // an idle cgroup has no weight
        ulong? shares = limits.CpuIdle is 1 ? null : limits.CpuShares;
        if (isUnified)
        {
            LimitFile.Write(directory, "cpu.weight", shares is { } weight ? CpuWeight.FromShares(weight) : null);
            WriteV2(limits, directory);
        }
        else
        {
            LimitFile.Write(directory, "cpu.shares", (long?)shares);
            WriteV1(limits, directory);
            WriteRealtime(limits, directory);
        }
    }

    private static void WriteV1(CgroupLimits limits, string directory)
    {
        bool hasQuota = limits.CpuQuota is not null;
        string? burst = Early(directory, "cpu.cfs_burst_us", LimitFile.Text(limits.CpuBurst), hasQuota);
        string? period = Early(directory, "cpu.cfs_period_us", LimitFile.Text(limits.CpuPeriod), hasQuota);
        LimitFile.Write(directory, "cpu.cfs_quota_us", limits.CpuQuota);
        LimitFile.Write(directory, "cpu.cfs_period_us", period);
        LimitFile.Write(directory, "cpu.cfs_burst_us", burst);
    }

    private static void WriteV2(CgroupLimits limits, string directory)
    {
        if ((limits.RealtimeRuntime ?? (long?)limits.RealtimePeriod) is not null)
        {
            throw LimitFile.OnlyV1("a limit of real time");
        }

        bool hasQuota = limits.CpuQuota is not null || limits.CpuPeriod is not null;
        string? burst = Early(directory, "cpu.max.burst", LimitFile.Text(limits.CpuBurst), hasQuota);
        if (hasQuota)
        {
            LimitFile.Write(directory, "cpu.max", Bandwidth(limits, CgroupFile.TryReadLine(directory, "cpu.max")));
        }

        LimitFile.Write(directory, "cpu.max.burst", burst);
    }

    /// <summary>Quota and period; what is not asked for stays.</summary>
    private static string Bandwidth(CgroupLimits limits, string? now)
    {
        string[] words = now?.Split(' ') ?? [];
        string quota = limits.CpuQuota switch
        {
            null => words is [{ Length: > 0 } old, ..] ? old : "max",
            LimitFile.Unlimited => "max",
            { } asked => asked.ToString(CultureInfo.InvariantCulture),
        };
        string period = LimitFile.Text(limits.CpuPeriod)
            ?? (words is [_, { } before] ? before : DefaultPeriod.ToString(CultureInfo.InvariantCulture));
        return $"{quota} {period}";
    }

    private static void WriteRealtime(CgroupLimits limits, string directory)
    {
        bool hasRuntime = limits.RealtimeRuntime is not null;
        string? period = Early(directory, "cpu.rt_period_us", LimitFile.Text(limits.RealtimePeriod), hasRuntime);
        LimitFile.Write(directory, "cpu.rt_runtime_us", limits.RealtimeRuntime);
        LimitFile.Write(directory, "cpu.rt_period_us", period);
    }

    /// <summary>What is left to write when the others have been written: the value, if it did not fit yet.</summary>
    private static string? Early(string directory, string file, string? value, bool othersFollow)
    {
        if (value is not null && othersFollow)
        {
            return LimitFile.TryWrite(directory, file, value) ? null : value;
        }

        LimitFile.Write(directory, file, value);
        return null;
    }
}
