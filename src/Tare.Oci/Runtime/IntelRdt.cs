// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>Intel's cache and memory bandwidth control.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#intelrdt</remarks>
internal sealed record IntelRdt
{
    /// <summary>Class of service, or null for the container's id.</summary>
    [JsonPropertyName("closID")]
    public string? ClosId { get; init; }

    /// <summary>Lines of the schemata file.</summary>
    public IReadOnlyList<string>? Schemata { get; init; }

    /// <summary>L3 cache part of the schema.</summary>
    public string? L3CacheSchema { get; init; }

    /// <summary>Memory bandwidth part of the schema.</summary>
    public string? MemBwSchema { get; init; }

    /// <summary>True to make a monitoring group.</summary>
    public bool EnableMonitoring { get; init; }
}
