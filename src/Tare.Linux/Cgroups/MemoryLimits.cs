// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Linux.Cgroups;

/// <summary>Limits of the memory controller.</summary>
internal static class MemoryLimits
{
    internal static void Write(CgroupLimits limits, string directory, bool isUnified)
    {
        if (isUnified)
        {
            WriteV2(limits, directory);
        }
        else
        {
            WriteV1(limits, directory);
        }
    }

    /// <summary>memory.swap.max counts swap alone.</summary>
    /// <param name="memoryAndSwap">-1 without limit</param>
    /// <param name="memory">null or -1 without limit, of which nothing can be taken off</param>
    /// <exception cref="LinuxException">EINVAL, as version 1 refuses it by itself: both together are less than memory alone</exception>
    internal static long SwapAlone(long memoryAndSwap, long? memory)
    {
        if (memoryAndSwap == LimitFile.Unlimited)
        {
            return LimitFile.Unlimited;
        }

        if (memory is null or LimitFile.Unlimited || memoryAndSwap < memory)
        {
            string limit = memory is null or LimitFile.Unlimited ? "no limit" : LimitFile.Text((ulong)memory)!;
            throw new LinuxException(
                Errno.EINVAL, "cgroup", $"memory and swap together ({memoryAndSwap}) are less than memory alone ({limit})");
        }

        return memoryAndSwap - memory.Value;
    }

    /// <summary>Who takes the limit of memory away means that of both, which would keep it.</summary>
    private static long? Together(CgroupLimits limits) =>
        limits.MemoryAndSwap ?? (limits.Memory == LimitFile.Unlimited ? LimitFile.Unlimited : null);

    private static void WriteV1(CgroupLimits limits, string directory)
    {
        const string Limit = "memory.limit_in_bytes";
        const string TogetherFile = "memory.memsw.limit_in_bytes";

        // before there is anything to count
        LimitFile.Write(directory, "memory.use_hierarchy", limits.CountsDescendants is true ? 1 : null);
        CheckInUse(limits, directory, "memory.usage_in_bytes");
        long? both = LimitFile.Exists(directory, TogetherFile) ? Together(limits) : null;
        try
        {
            LimitFile.Write(directory, Limit, limits.Memory);
            LimitFile.Write(directory, TogetherFile, both);
        }
        catch (LinuxException e) when (e.Errno == Errno.EINVAL && both is not null)
        {
            // never may the first be above the second: a limit that is raised needs the other order
            LimitFile.Write(directory, TogetherFile, both);
            LimitFile.Write(directory, Limit, limits.Memory);
        }

        LimitFile.Write(directory, "memory.soft_limit_in_bytes", limits.MemoryReservation);
        LimitFile.Write(directory, "memory.swappiness", limits.MemorySwappiness);
        LimitFile.Write(directory, "memory.kmem.tcp.limit_in_bytes", limits.MemoryOfTcp);
        LimitFile.Write(
            directory, "memory.oom_control", limits.DisablesOutOfMemoryKiller is { } disables ? (disables ? 1 : 0) : null);
    }

    private static void WriteV2(CgroupLimits limits, string directory)
    {
        if (limits.DisablesOutOfMemoryKiller is true || limits.MemoryOfTcp > 0)
        {
            throw LimitFile.OnlyV1(limits.MemoryOfTcp > 0 ? "a limit of TCP memory" : "an out-of-memory killer to disable");
        }

        CheckInUse(limits, directory, "memory.current");
        if (Together(limits) is { } both && LimitFile.Exists(directory, "memory.swap.max"))
        {
            long? memory = limits.Memory ?? CgroupFile.TryReadNumber(directory, "memory.max");
            LimitFile.Write(directory, "memory.swap.max", SwapAlone(both, memory), whenUnlimited: "max");
        }

        LimitFile.Write(directory, "memory.max", limits.Memory, whenUnlimited: "max");
        LimitFile.Write(directory, "memory.low", limits.MemoryReservation, whenUnlimited: "max");
    }

    /// <summary>v1 refuses such a limit by itself when nothing can be freed; v2 would kill.</summary>
    private static void CheckInUse(CgroupLimits limits, string directory, string file)
    {
        if (limits is { ChecksMemoryInUse: true, Memory: > 0 } && CgroupFile.TryReadNumber(directory, file) is { } used
            && used > limits.Memory)
        {
            throw new LinuxException(
                Errno.EBUSY,
                "cgroup",
                string.Create(CultureInfo.InvariantCulture, $"memory limit {limits.Memory} is below the {used} in use"));
        }
    }
}
