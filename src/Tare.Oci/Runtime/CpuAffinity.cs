// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>CPUs of a process that joins a running container, as lists like <c>0-3,7</c>.</summary>
/// <remarks>runtime-spec v1.3 config.md#linux-process</remarks>
internal sealed record CpuAffinity
{
    /// <summary>While the runtime moves the process into the container's cgroup.</summary>
    public string? Initial { get; init; }

    /// <summary>From then on.</summary>
    public string? Final { get; init; }
}
