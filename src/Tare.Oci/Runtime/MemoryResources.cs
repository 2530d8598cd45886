// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>Memory limits in bytes; −1 is unlimited, null leaves the limit.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#memory</remarks>
internal sealed record MemoryResources
{
    /// <summary>Hard limit.</summary>
    public long? Limit { get; init; }

    /// <summary>Soft limit.</summary>
    public long? Reservation { get; init; }

    /// <summary>Memory and swap together.</summary>
    public long? Swap { get; init; }

    /// <summary>Kernel memory; cgroup v1, ignored by newer kernels.</summary>
    public long? Kernel { get; init; }

    /// <summary>Buffers of TCP; cgroup v1.</summary>
    [JsonPropertyName("kernelTCP")]
    public long? KernelTcp { get; init; }

    /// <summary>0 to 100; cgroup v1.</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>True to stall instead of killing; cgroup v1.</summary>
    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; init; }

    /// <summary>True to count descendants; cgroup v1.</summary>
    public bool? UseHierarchy { get; init; }

    /// <summary>True to refuse a limit that is below what is used.</summary>
    public bool? CheckBeforeUpdate { get; init; }
}
