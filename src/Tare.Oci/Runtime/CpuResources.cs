// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Processor limits; null leaves a limit.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#cpu</remarks>
internal sealed record CpuResources
{
    /// <summary>Relative weight, 2 to 262144.</summary>
    public ulong? Shares { get; init; }

    /// <summary>µs of CPU per period; negative is unlimited.</summary>
    public long? Quota { get; init; }

    /// <summary>µs that unused quota may add up to.</summary>
    public ulong? Burst { get; init; }

    /// <summary>Length of the period in µs.</summary>
    public ulong? Period { get; init; }

    /// <summary>µs of real-time scheduling per period.</summary>
    public long? RealtimeRuntime { get; init; }

    /// <summary>Length of the real-time period in µs.</summary>
    public ulong? RealtimePeriod { get; init; }

    /// <summary>CPUs, such as <c>0-3,7</c>.</summary>
    public string? Cpus { get; init; }

    /// <summary>Memory nodes, such as <c>0-1</c>.</summary>
    public string? Mems { get; init; }

    /// <summary>1 to run only when nobody else wants to.</summary>
    public long? Idle { get; init; }
}
