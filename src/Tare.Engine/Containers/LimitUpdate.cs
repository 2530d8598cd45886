// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Engine.Containers;

/// <summary>Limits of a container that are to be others from now on; null leaves one as it is.</summary>
/// <remarks>Units and ranges as of <see cref="RunRequest"/>.</remarks>
internal sealed record LimitUpdate
{
    public long? Memory { get; init; }

    public long? MemoryReservation { get; init; }

    public long? MemorySwap { get; init; }

    public long? NanoCpus { get; init; }

    public long? CpuShares { get; init; }

    public long? CpuQuota { get; init; }

    public long? CpuPeriod { get; init; }

    public string? CpusetCpus { get; init; }

    public string? CpusetMems { get; init; }

    public long? BlkioWeight { get; init; }

    public long? PidsLimit { get; init; }

    /// <summary>What is asked of the container from now on.</summary>
    /// <exception cref="TareException">Conflict: with a limit that it has</exception>
    public RunRequest ApplyTo(RunRequest request)
    {
        CheckCpu(request);
        long? swap = request.MemorySwap ?? (request.Memory <= long.MaxValue / 2 ? request.Memory * 2 : null);
        if (MemorySwap is null && swap > 0 && Memory > swap)
        {
            throw new TareException(
                ErrorKind.Conflict,
                "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time",
                $"--memory-swap, which is {swap} now; -1 is no limit");
        }

        return request with
        {
            Memory = Memory ?? request.Memory,
            MemoryReservation = MemoryReservation ?? request.MemoryReservation,
            MemorySwap = MemorySwap ?? swap,
            NanoCpus = NanoCpus ?? request.NanoCpus,
            CpuShares = CpuShares ?? request.CpuShares,
            CpuQuota = CpuQuota ?? request.CpuQuota,
            CpuPeriod = CpuPeriod ?? request.CpuPeriod,
            CpusetCpus = CpusetCpus ?? request.CpusetCpus,
            CpusetMems = CpusetMems ?? request.CpusetMems,
            BlkioWeight = BlkioWeight ?? request.BlkioWeight,
            PidsLimit = PidsLimit ?? request.PidsLimit,
        };
    }

    /// <summary>What the kernel has to be told so that what was asked before becomes what is asked after.</summary>
    /// <remarks>What depends on each other goes together: swap on memory, a quota on its period.</remarks>
    public static Resources Difference(Resources before, Resources after) => new()
    {
        Memory = before.Memory == after.Memory ? null : after.Memory,
        Cpu = before.Cpu == after.Cpu ? null : after.Cpu,
        Pids = before.Pids == after.Pids ? null : after.Pids,
        BlockIo = before.BlockIo?.Weight == after.BlockIo?.Weight ? null : after.BlockIo,
    };

    private void CheckCpu(RunRequest request)
    {
        string? conflict = NanoCpus is not null && request.CpuPeriod is > 0 ? "Nano CPUs cannot be updated as CPU Period has already been set"
            : NanoCpus is not null && request.CpuQuota is > 0 ? "Nano CPUs cannot be updated as CPU Quota has already been set"
            : CpuPeriod is not null && request.NanoCpus is > 0 ? "CPU Period cannot be updated as NanoCPUs has already been set"
            : CpuQuota is not null && request.NanoCpus is > 0 ? "CPU Quota cannot be updated as NanoCPUs has already been set"
            : null;
        if (conflict is not null)
        {
            throw new TareException(ErrorKind.Conflict, $"Conflicting options: {conflict}");
        }
    }
}
