// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;
using SpecRule = Tare.Oci.Runtime.DeviceRule;

namespace Tare.Runtime;

/// <summary>The limits of a spec as a cgroup takes them.</summary>
/// <remarks>runtime-spec config-linux.md#control-groups</remarks>
internal static class ResourceLimits
{
    private const string AllAccess = "rwm";

    /// <exception cref="TareException">InvalidArgument: a device rule of an unknown type or access</exception>
    public static CgroupLimits Of(Resources? resources) => resources is null ? CgroupLimits.None : new()
    {
        Memory = resources.Memory?.Limit,
        MemoryAndSwap = resources.Memory?.Swap,
        MemoryReservation = resources.Memory?.Reservation,
        MemorySwappiness = (long?)resources.Memory?.Swappiness,
        CpuShares = resources.Cpu?.Shares,
        CpuQuota = resources.Cpu?.Quota,
        CpuPeriod = resources.Cpu?.Period,
        CpusetCpus = resources.Cpu?.Cpus,
        CpusetMems = resources.Cpu?.Mems,
        Pids = resources.Pids?.Limit,
        Devices = resources.Devices?.Select(RuleOf).ToList(),
    };

    private static Tare.Linux.Cgroups.DeviceRule RuleOf(SpecRule rule) => new(
        rule.Allow, KindOf(rule.Type), NumberOf(rule.Major), NumberOf(rule.Minor), AccessOf(rule.Access ?? AllAccess));

    private static DeviceRuleKind KindOf(string? type) => type switch
    {
        null or "" or "a" => DeviceRuleKind.All,
        "b" => DeviceRuleKind.Block,
        "c" or "u" => DeviceRuleKind.Character,
        _ => throw new TareException(ErrorKind.InvalidArgument, $"device rule: unknown type \"{type}\""),
    };

    /// <summary>Absent and -1 mean every number.</summary>
    private static uint? NumberOf(long? number) => number switch
    {
        null or -1 => null,
        >= 0 and <= uint.MaxValue => (uint)number,
        _ => throw new TareException(ErrorKind.InvalidArgument, $"device rule: number {number} is out of range"),
    };

    private static DeviceAccess AccessOf(string access)
    {
        DeviceAccess result = default;
        foreach (char letter in access)
        {
            result |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.MakeNode,
                _ => throw new TareException(ErrorKind.InvalidArgument, $"device rule: unknown access \"{access}\""),
            };
        }

        return result;
    }
}
