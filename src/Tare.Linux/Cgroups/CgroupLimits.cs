// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>What a container may use; null means not asked for, and nothing is written.</summary>
/// <remarks>runtime-spec config-linux.md#control-groups. -1 means without limit where it says so.</remarks>
internal sealed record CgroupLimits
{
    /// <summary>Nothing asked for.</summary>
    internal static CgroupLimits None { get; } = new();

    /// <summary>Bytes; -1 without limit.</summary>
    internal long? Memory { get; init; }

    /// <summary>Bytes of memory and swap together; -1 without limit. Passed over where the kernel does not count swap.</summary>
    internal long? MemoryAndSwap { get; init; }

    /// <summary>Bytes that are taken last when memory is short.</summary>
    internal long? MemoryReservation { get; init; }

    /// <summary>0 to 100; v1 only, passed over on v2.</summary>
    internal long? MemorySwappiness { get; init; }

    /// <summary>Bytes of TCP buffers; v1 only.</summary>
    internal long? MemoryOfTcp { get; init; }

    /// <summary>True: processes wait instead of being killed when memory ends; v1 only.</summary>
    internal bool? DisablesOutOfMemoryKiller { get; init; }

    /// <summary>True: cgroups below count too; v1 only, and what newer kernels do always.</summary>
    internal bool? CountsDescendants { get; init; }

    /// <summary>True: a limit of memory below what is in use is refused.</summary>
    internal bool ChecksMemoryInUse { get; init; }

    /// <summary>Relative weight, 2 to 262144; 1024 is ordinary.</summary>
    internal ulong? CpuShares { get; init; }

    /// <summary>µs of processor time per period; -1 without limit.</summary>
    internal long? CpuQuota { get; init; }

    /// <summary>µs, 1000 to 1000000; the kernel's own is 100000.</summary>
    internal ulong? CpuPeriod { get; init; }

    /// <summary>µs that unused quota may add up to.</summary>
    internal ulong? CpuBurst { get; init; }

    /// <summary>1: runs only when nobody else wants to.</summary>
    internal long? CpuIdle { get; init; }

    /// <summary>µs of real-time scheduling per period; v1 only.</summary>
    internal long? RealtimeRuntime { get; init; }

    /// <summary>µs; v1 only.</summary>
    internal ulong? RealtimePeriod { get; init; }

    /// <summary>Processors, as <c>0-3,5</c>.</summary>
    internal string? CpusetCpus { get; init; }

    /// <summary>Memory nodes, as <c>0,1</c>.</summary>
    internal string? CpusetMems { get; init; }

    /// <summary>Processes and threads together; -1 without limit.</summary>
    internal long? Pids { get; init; }

    /// <summary>Block devices.</summary>
    internal BlockIoLimits? BlockIo { get; init; }

    /// <summary>Bytes by size of huge page, such as <c>2MB</c>.</summary>
    internal IReadOnlyList<KeyValuePair<string, ulong>>? Hugepages { get; init; }

    /// <summary>Mark of network packets; v1 only.</summary>
    internal uint? NetworkClass { get; init; }

    /// <summary>Priority by network interface; v1 only.</summary>
    internal IReadOnlyList<KeyValuePair<string, uint>>? NetworkPriorities { get; init; }

    /// <summary>Lines of rdma.max.</summary>
    internal IReadOnlyList<string>? Rdma { get; init; }

    /// <summary>Files of the unified hierarchy and what is written there, after everything else; v2 only.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>>? Unified { get; init; }

    /// <summary>From nothing allowed, in order; null leaves what the parent cgroup allows.</summary>
    internal IReadOnlyList<DeviceRule>? Devices { get; init; }

    /// <summary>The controllers that these limits need. Devices on v2 need none: a BPF program does it.</summary>
    internal CgroupControllers Needed =>
        If(NeedsMemory, CgroupControllers.Memory)
        | If(NeedsCpu, CgroupControllers.Cpu)
        | If(CpusetCpus is not null || CpusetMems is not null, CgroupControllers.Cpuset)
        | If(Pids is not null, CgroupControllers.Pids)
        | If(BlockIo is not null, CgroupControllers.BlockIo)
        | If(Hugepages is not null, CgroupControllers.HugeTlb)
        | If(NetworkClass is not null, CgroupControllers.NetClass)
        | If(NetworkPriorities is not null, CgroupControllers.NetPriority)
        | If(Rdma is not null, CgroupControllers.Rdma);

    private bool NeedsMemory =>
        (Memory ?? MemoryAndSwap ?? MemoryReservation ?? MemorySwappiness ?? MemoryOfTcp) is not null
        || DisablesOutOfMemoryKiller is not null
        || CountsDescendants is not null;

    private bool NeedsCpu =>
        (CpuShares ?? CpuPeriod ?? CpuBurst ?? RealtimePeriod) is not null
        || (CpuQuota ?? CpuIdle ?? RealtimeRuntime) is not null;

    private static CgroupControllers If(bool condition, CgroupControllers controller) =>
        condition ? controller : CgroupControllers.None;
}
