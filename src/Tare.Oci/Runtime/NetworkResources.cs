// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>Marks and priorities of network traffic; cgroup v1.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#network</remarks>
internal sealed record NetworkResources
{
    /// <summary>Mark for tc(8).</summary>
    [JsonPropertyName("classID")]
    public uint? ClassId { get; init; }

    /// <summary>Priorities by interface.</summary>
    public IReadOnlyList<InterfacePriority>? Priorities { get; init; }
}
