// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>Limits of a cgroup.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#control-groups</remarks>
internal sealed record Resources
{
    /// <summary>Files of cgroup v2, name to what is written.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }

    /// <summary>Rules about device nodes, in order; the last that matches decides.</summary>
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    /// <summary>Memory.</summary>
    public MemoryResources? Memory { get; init; }

    /// <summary>Processor time and placement.</summary>
    public CpuResources? Cpu { get; init; }

    /// <summary>Number of tasks.</summary>
    public PidsResources? Pids { get; init; }

    /// <summary>Block devices.</summary>
    [JsonPropertyName("blockIO")]
    public BlockIoResources? BlockIo { get; init; }

    /// <summary>Huge pages, one entry per size.</summary>
    public IReadOnlyList<HugepageLimit>? HugepageLimits { get; init; }

    /// <summary>Marks and priorities of network traffic; cgroup v1.</summary>
    public NetworkResources? Network { get; init; }

    /// <summary>RDMA devices, by name.</summary>
    public IReadOnlyDictionary<string, RdmaLimit>? Rdma { get; init; }
}
