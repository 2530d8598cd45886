// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>Docker's rules for limits: what they must be, what follows from what.</summary>
internal static class ContainerResources
{
    /// <summary>Tasks of a container that asks for nothing: more than programs need, fewer than a fork bomb.</summary>
    public const long DefaultPids = 4096;

    private const long MinMemory = 6 << 20;
    private const long NanoPerCpu = 1_000_000_000;
    private const long DefaultPeriod = 100_000;
    private const long MinPeriod = 1_000;
    private const long MaxPeriod = 1_000_000;
    private const long MinQuota = 1_000;
    private const long MaxCpuShares = 262_144;
    private const long MinWeight = 10;
    private const long MaxWeight = 1000;
    private const long Unlimited = -1;

    /// <exception cref="TareException">InvalidArgument for a limit out of range or in conflict with another</exception>
    public static Resources Compose(ResourceOptions options, IReadOnlyList<DeviceRule> devices, HostFacts host) => new()
    {
        Devices = devices,
        Memory = Memory(options),
        Cpu = Cpu(options, host),
        BlockIo = BlockIo(options.BlockIoWeight),
        Pids = new PidsResources(options.Pids switch
        {
            null => DefaultPids,
            0 or Unlimited => Unlimited,
            > 0 => options.Pids,
            _ => throw Invalid($"pids limit {options.Pids} must be positive, or -1 for unlimited"),
        }),
    };

    private static BlockIoResources? BlockIo(long? weight) => weight switch
    {
        null or 0 => null,
        >= MinWeight and <= MaxWeight => new BlockIoResources { Weight = (ushort)weight.Value },
        _ => throw Invalid($"range of blkio weight is from {MinWeight} to {MaxWeight}"),
    };

    private static MemoryResources? Memory(ResourceOptions options)
    {
        if (options is { Memory: null, MemorySwap: null, MemoryReservation: null })
        {
            return null;
        }
        if (options.Memory < MinMemory || options.MemoryReservation < MinMemory)
        {
            throw Invalid("minimum memory limit allowed is 6MB");
        }
        if (options.MemorySwap > 0 && options.Memory is null)
        {
            throw Invalid("you should always set the memory limit when using a memory-swap limit");
        }
        if (options.MemorySwap < Unlimited)
        {
            throw Invalid($"memory-swap limit {options.MemorySwap} must be positive, or -1 for unlimited");
        }
        if (options.MemorySwap > 0 && options.MemorySwap < options.Memory)
        {
            throw Invalid("minimum memory-swap limit should be larger than the memory limit");
        }
        if (options.MemoryReservation > options.Memory)
        {
            throw Invalid("minimum memory limit can not be less than the memory reservation limit");
        }
        // Without a word about swap, as much of it as of memory.
        long? asMuch = options.Memory > long.MaxValue / 2 ? Unlimited : 2 * options.Memory;
        long? swap = options.MemorySwap is null or 0 ? asMuch : options.MemorySwap;
        return new MemoryResources { Limit = options.Memory, Swap = swap, Reservation = options.MemoryReservation };
    }

    private static CpuResources? Cpu(ResourceOptions options, HostFacts host)
    {
        if (options is { NanoCpus: null, CpuQuota: null, CpuPeriod: null, CpuShares: null }
            and { CpusetCpus: null, CpusetMems: null })
        {
            return null;
        }
        if (options.CpuShares is < 0 or > MaxCpuShares)
        {
            throw Invalid($"invalid CPU shares ({options.CpuShares}): value must be from 2 to {MaxCpuShares}");
        }
        (long? quota, long? period) =
            options.NanoCpus is { } nanoCpus ? QuotaOf(options, nanoCpus, host) : QuotaOf(options);
        return new CpuResources
        {
            Shares = options.CpuShares is null or 0 ? null : (ulong)Math.Max(2, options.CpuShares.Value),
            Quota = quota,
            Period = (ulong?)period,
            Cpus = CpuSetOf(options.CpusetCpus),
            Mems = CpuSetOf(options.CpusetMems),
        };
    }

    private static (long? Quota, long? Period) QuotaOf(ResourceOptions options)
    {
        if (options.CpuPeriod is not (null or 0 or (>= MinPeriod and <= MaxPeriod)))
        {
            throw Invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        }
        if (options.CpuQuota is not (null or 0 or Unlimited or >= MinQuota))
        {
            throw Invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        }
        return (options.CpuQuota is 0 ? null : options.CpuQuota, options.CpuPeriod is 0 ? null : options.CpuPeriod);
    }

    private static (long? Quota, long? Period) QuotaOf(ResourceOptions options, long nanoCpus, HostFacts host)
    {
        if (options.CpuQuota is not (null or 0) || options.CpuPeriod is not (null or 0))
        {
            throw Invalid("conflicting options: --cpus and CPU quota or period cannot both be set");
        }
        if (nanoCpus < NanoPerCpu / 100 || nanoCpus > host.CpuCount * NanoPerCpu)
        {
            throw Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"range of CPUs is from 0.01 to {host.CpuCount}.00, as there are only {host.CpuCount} CPUs available"));
        }
        return (nanoCpus * DefaultPeriod / NanoPerCpu, DefaultPeriod);
    }

    private static string? CpuSetOf(string? text) => string.IsNullOrEmpty(text) ? null : CpuSet.Parse(text);

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
