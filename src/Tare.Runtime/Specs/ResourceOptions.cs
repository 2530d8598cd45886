// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>Limits that the user asked for; null is "not said".</summary>
internal sealed record ResourceOptions
{
    /// <summary>Bytes; at least 6 MiB.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes of memory and swap together; −1 is unlimited.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Soft limit in bytes.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>10⁻⁹ CPUs: 1.5 CPUs are 1 500 000 000. Not beside quota or period.</summary>
    public long? NanoCpus { get; init; }

    /// <summary>Relative weight, 2 to 262144.</summary>
    public long? CpuShares { get; init; }

    /// <summary>µs of CPU per period; at least 1000.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>µs; 1000 to 1 000 000.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>CPUs, such as <c>0-3,7</c>.</summary>
    public string? CpusetCpus { get; init; }

    /// <summary>Memory nodes, such as <c>0-1</c>.</summary>
    public string? CpusetMems { get; init; }

    /// <summary>Relative weight of reading and writing, 10 to 1000; 0 is none.</summary>
    public long? BlockIoWeight { get; init; }

    /// <summary>Tasks; 0 or −1 is unlimited, null the default.</summary>
    public long? Pids { get; init; }
}
