// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Cli.Requests;
using Tare.Engine.Containers;

namespace Tare.Cli.Commands;

/// <summary>The flags of a container's limits: those of <c>run</c> and of <c>update</c>.</summary>
internal static class LimitFlags
{
    private const long MaxCpuShares = 262_144;
    private const long MaxPeriod = 1_000_000;
    private const long MaxWeight = 1000;

    private static readonly Flag<long?> Memory = Flag.Of("-m, --memory", "bytes", "Memory limit", HumanSize.ParseBinary);
    private static readonly Flag<long?> MemoryReservation = Flag.Of("--memory-reservation", "bytes", "Memory soft limit", HumanSize.ParseBinary);
    private static readonly Flag<long?> MemorySwap =
        Flag.Of("--memory-swap", "bytes", "Limit of memory plus swap: '-1' for no limit", ParseSwap);
    private static readonly Flag<long?> Cpus = Flag.Of("--cpus", "decimal", "Number of CPUs", ScalarTexts.NanoCpus);
    private static readonly Flag<long?> CpuShares =
        Flag.Number("-c, --cpu-shares", "CPU shares (relative weight)", 0, MaxCpuShares);
    private static readonly Flag<long?> CpuQuota =
        Flag.Number("--cpu-quota", "CPU time per period, in microseconds", -1, long.MaxValue);
    private static readonly Flag<long?> CpuPeriod =
        Flag.Number("--cpu-period", "Length of a period, in microseconds", 0, MaxPeriod);
    private static readonly Flag<string?> CpusetCpus =
        Flag.Text("--cpuset-cpus", "string", "CPUs in which to allow execution (0-3, 0,1)");
    private static readonly Flag<string?> CpusetMems =
        Flag.Text("--cpuset-mems", "string", "Memory nodes in which to allow execution (0-3, 0,1)");
    private static readonly Flag<long?> BlkioWeight =
        Flag.Number("--blkio-weight", "Block IO (relative weight), between 10 and 1000, or 0 for none", 0, MaxWeight);
    private static readonly Flag<long?> PidsLimit =
        Flag.Number("--pids-limit", "Limit of processes (-1 for no limit)", -1, int.MaxValue);

    public static readonly IReadOnlyList<Flag> All =
        [Memory, MemoryReservation, MemorySwap, Cpus, CpuShares, CpuQuota, CpuPeriod, CpusetCpus, CpusetMems, BlkioWeight, PidsLimit];

    /// <summary>The request with what these flags say.</summary>
    /// <exception cref="UsageException">two flags contradict each other</exception>
    public static RunRequest Complete(RunRequest request, ParsedArguments given)
    {
        if (given.Get(Cpus) is > 0 && (given.Get(CpuPeriod) is > 0 || given.Get(CpuQuota) is > 0))
        {
            throw new UsageException(
                "conflicting options: --cpus and --cpu-period or --cpu-quota cannot both be set", 125);
        }

        return request with
        {
            Memory = given.Get(Memory),
            MemoryReservation = given.Get(MemoryReservation),
            MemorySwap = given.Get(MemorySwap),
            NanoCpus = given.Get(Cpus),
            CpuShares = given.Get(CpuShares),
            CpuQuota = given.Get(CpuQuota),
            CpuPeriod = given.Get(CpuPeriod),
            CpusetCpus = given.Get(CpusetCpus),
            CpusetMems = given.Get(CpusetMems),
            BlkioWeight = given.Get(BlkioWeight),
            PidsLimit = given.Get(PidsLimit),
        };
    }

    /// <summary>What is to change; what was not said stays, and so does what is 0, as with docker.</summary>
    public static LimitUpdate ToUpdate(ParsedArguments given) => new()
    {
        Memory = Said(given.Get(Memory)),
        MemoryReservation = Said(given.Get(MemoryReservation)),
        MemorySwap = Said(given.Get(MemorySwap)),
        NanoCpus = Said(given.Get(Cpus)),
        CpuShares = Said(given.Get(CpuShares)),
        CpuQuota = Said(given.Get(CpuQuota)),
        CpuPeriod = Said(given.Get(CpuPeriod)),
        CpusetCpus = given.Get(CpusetCpus) is { Length: > 0 } cpus ? cpus : null,
        CpusetMems = given.Get(CpusetMems) is { Length: > 0 } mems ? mems : null,
        BlkioWeight = Said(given.Get(BlkioWeight)),
        PidsLimit = given.Get(PidsLimit),
    };

    private static long? Said(long? value) => value is 0 ? null : value;

    private static long ParseSwap(string text) => text == "-1" ? -1 : HumanSize.ParseBinary(text);
}
