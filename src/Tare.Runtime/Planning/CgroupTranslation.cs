// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning;

/// <summary>The resources of a spec as the limits of a cgroup.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#control-groups</remarks>
internal static class CgroupTranslation
{
    /// <summary>For a new cgroup, in which what is not limited need not be written. Null asks for nothing.</summary>
    /// <exception cref="TareException">InvalidArgument for a value that is none</exception>
    public static CgroupLimits Limits(Resources? resources) => Limits(resources, isUpdate: false);

    /// <summary>For a cgroup in use: taking a limit away is written too.</summary>
    /// <exception cref="TareException">InvalidArgument for a value that is none</exception>
    public static CgroupLimits Changes(Resources? resources) => Limits(resources, isUpdate: true);

    private static CgroupLimits Limits(Resources? resources, bool isUpdate)
    {
        if (resources is null)
        {
            return CgroupLimits.None;
        }

        var limits = new CgroupLimits
        {
            Pids = Tasks(resources.Pids?.Limit, isUpdate),
            Devices = resources.Devices is null ? null : DeviceRuleTranslation.Rules(resources.Devices),
            BlockIo = resources.BlockIo is null ? null : BlockIoTranslation.Limits(resources.BlockIo),
            Hugepages = OtherResources.Hugepages(resources.HugepageLimits),
            NetworkClass = resources.Network?.ClassId,
            NetworkPriorities = OtherResources.Priorities(resources.Network?.Priorities),
            Rdma = OtherResources.Rdma(resources.Rdma),
            Unified = resources.Unified is { Count: > 0 } ? [.. resources.Unified] : null,
        };
        return WithCpu(WithMemory(limits, resources.Memory, isUpdate), resources.Cpu);
    }

    /// <summary>memory.kernel is passed over, as the specification says: no kernel in use has it.</summary>
    private static CgroupLimits WithMemory(CgroupLimits limits, MemoryResources? memory, bool isUpdate) =>
        memory is null
            ? limits
            : limits with
            {
                Memory = Unless0(memory.Limit),
                MemoryAndSwap = Unless0(memory.Swap),
                MemoryReservation = Unless0(memory.Reservation),
                MemorySwappiness = (long?)memory.Swappiness,
                MemoryOfTcp = Unless0(memory.KernelTcp),
                DisablesOutOfMemoryKiller = memory.DisableOomKiller is true || isUpdate ? memory.DisableOomKiller : null,
                CountsDescendants = memory.UseHierarchy is true ? true : null,
                ChecksMemoryInUse = memory.CheckBeforeUpdate is true,
            };

    private static CgroupLimits WithCpu(CgroupLimits limits, CpuResources? cpu) => cpu is null
        ? limits
        : limits with
        {
            CpuShares = Unless0(cpu.Shares),
            CpuQuota = Unless0(cpu.Quota),
            CpuPeriod = Unless0(cpu.Period),
            CpuBurst = cpu.Burst,
            CpuIdle = Idle(cpu.Idle),
            RealtimeRuntime = Unless0(cpu.RealtimeRuntime),
            RealtimePeriod = Unless0(cpu.RealtimePeriod),
            CpusetCpus = cpu.Cpus,
            CpusetMems = cpu.Mems,
        };

    /// <summary>Engines write 0 for what was not asked for; runc reads it so.</summary>
    private static T? Unless0<T>(T? value)
        where T : struct, IEquatable<T> => value is { } number && number.Equals(default) ? null : value;

    private static long? Idle(long? value) => value is null or 0 or 1
        ? value
        : throw Invalid($"cpu.idle {value} is neither 0 nor 1");

    /// <summary>Whatever is not positive is no limit, which a new cgroup has already.</summary>
    private static long? Tasks(long? limit, bool isUpdate) => limit > 0 ? limit : limit is not null && isUpdate ? -1 : null;

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
