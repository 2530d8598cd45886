// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;
using LinuxRule = Tare.Linux.Cgroups.DeviceRule;
using SpecRule = Tare.Oci.Runtime.DeviceRule;

namespace Tare.Runtime.Planning;

/// <summary>The resources of a spec as the limits of a cgroup.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#control-groups</remarks>
internal static class CgroupTranslation
{
    /// <summary>Null asks for nothing.</summary>
    /// <exception cref="TareException">InvalidArgument for a device rule that is none, NotSupported for other resources</exception>
    public static CgroupLimits Limits(Resources? resources)
    {
        if (resources is null)
        {
            return CgroupLimits.None;
        }

        RefuseOthers(resources);
        return new()
        {
            Memory = resources.Memory?.Limit,
            MemoryAndSwap = resources.Memory?.Swap,
            MemoryReservation = resources.Memory?.Reservation,
            MemorySwappiness = (long?)resources.Memory?.Swappiness,
            CpuShares = resources.Cpu?.Shares is 0 ? null : resources.Cpu?.Shares,
            CpuQuota = resources.Cpu?.Quota is 0 ? null : resources.Cpu?.Quota,
            CpuPeriod = resources.Cpu?.Period is 0 ? null : resources.Cpu?.Period,
            CpusetCpus = resources.Cpu?.Cpus,
            CpusetMems = resources.Cpu?.Mems,
            Pids = Tasks(resources.Pids?.Limit),
            Devices = resources.Devices is null ? null : [.. resources.Devices.Select(Rule)],
        };
    }

    /// <summary>Whatever is not positive is no limit, and a new cgroup has none.</summary>
    private static long? Tasks(long? limit) => limit > 0 ? limit : null;

    private static LinuxRule Rule(SpecRule rule) => new(
        rule.Allow,
        rule.Type switch
        {
            "c" or "u" => DeviceRuleKind.Character,
            "b" => DeviceRuleKind.Block,
            "a" or null or "" => DeviceRuleKind.All,
            string other => throw Invalid($"device type '{other}' is not a, b, c or u"),
        },
        Number(rule.Major),
        Number(rule.Minor),
        Access(rule.Access));

    private static uint? Number(long? number) => number switch
    {
        null or -1 => null,
        >= 0 and <= uint.MaxValue => (uint)number,
        _ => throw Invalid($"device number {number} is out of range"),
    };

    private static DeviceAccess Access(string? letters)
    {
        if (string.IsNullOrEmpty(letters))
        {
            return LinuxRule.AllAccess;
        }

        DeviceAccess access = DeviceAccess.None;
        foreach (char letter in letters)
        {
            access |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.MakeNode,
                _ => throw Invalid($"device access '{letters}' is not made of r, w and m"),
            };
        }

        return access;
    }

    private static void RefuseOthers(Resources resources)
    {
        string? other = resources switch
        {
            { Unified.Count: > 0 } => "unified",
            { BlockIo: not null } => "blockIO",
            { HugepageLimits.Count: > 0 } => "hugepageLimits",
            { Network: not null } => "network",
            { Rdma.Count: > 0 } => "rdma",
            { Cpu: { RealtimeRuntime: not (null or 0) } or { RealtimePeriod: not (null or 0) } } => "cpu.realtime",
            { Cpu.Burst: not (null or 0) } => "cpu.burst",
            { Cpu.Idle: not (null or 0) } => "cpu.idle",
            { Memory.DisableOomKiller: true } => "memory.disableOOMKiller",
            _ => null,
        };
        if (other is not null)
        {
            throw new TareException(ErrorKind.NotSupported, $"limits of '{other}' are not supported");
        }
    }

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
