// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>Weights and rates of block devices.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#block-io</remarks>
internal sealed record BlockIoResources
{
    /// <summary>Relative weight, 10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>Weight against the group's own children; cgroup v1.</summary>
    public ushort? LeafWeight { get; init; }

    /// <summary>Weights by device.</summary>
    public IReadOnlyList<BlockIoWeight>? WeightDevice { get; init; }

    /// <summary>Bytes per second read.</summary>
    public IReadOnlyList<BlockIoThrottle>? ThrottleReadBpsDevice { get; init; }

    /// <summary>Bytes per second written.</summary>
    public IReadOnlyList<BlockIoThrottle>? ThrottleWriteBpsDevice { get; init; }

    /// <summary>Reads per second.</summary>
    [JsonPropertyName("throttleReadIOPSDevice")]
    public IReadOnlyList<BlockIoThrottle>? ThrottleReadIopsDevice { get; init; }

    /// <summary>Writes per second.</summary>
    [JsonPropertyName("throttleWriteIOPSDevice")]
    public IReadOnlyList<BlockIoThrottle>? ThrottleWriteIopsDevice { get; init; }
}
