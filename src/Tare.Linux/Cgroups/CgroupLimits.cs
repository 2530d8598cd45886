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

    /// <summary>Relative weight, 2 to 262144; 1024 is ordinary.</summary>
    internal ulong? CpuShares { get; init; }

    /// <summary>µs of processor time per period; -1 without limit.</summary>
    internal long? CpuQuota { get; init; }

    /// <summary>µs, 1000 to 1000000; the kernel's own is 100000.</summary>
    internal ulong? CpuPeriod { get; init; }

    /// <summary>Processors, as <c>0-3,5</c>.</summary>
    internal string? CpusetCpus { get; init; }

    /// <summary>Memory nodes, as <c>0,1</c>.</summary>
    internal string? CpusetMems { get; init; }

    /// <summary>Processes and threads together; -1 without limit.</summary>
    internal long? Pids { get; init; }

    /// <summary>From nothing allowed, in order; null leaves what the parent cgroup allows.</summary>
    internal IReadOnlyList<DeviceRule>? Devices { get; init; }

    /// <summary>The controllers that these limits need. Devices on v2 need none: a BPF program does it.</summary>
    internal CgroupControllers Needed =>
        (Memory ?? MemoryAndSwap ?? MemoryReservation ?? MemorySwappiness) is null ? NeededBesideMemory
        : NeededBesideMemory | CgroupControllers.Memory;

    private CgroupControllers NeededBesideMemory =>
        (CpuShares is null && CpuQuota is null && CpuPeriod is null ? CgroupControllers.None : CgroupControllers.Cpu)
        | (CpusetCpus is null && CpusetMems is null ? CgroupControllers.None : CgroupControllers.Cpuset)
        | (Pids is null ? CgroupControllers.None : CgroupControllers.Pids);
}
