// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>The process that a container starts.</summary>
/// <param name="Cwd">absolute path inside the container</param>
/// <remarks>runtime-spec v1.3 config.md#process</remarks>
internal sealed record Process(string Cwd)
{
    /// <summary>True to give it a terminal as standard input, output and error.</summary>
    public bool Terminal { get; init; }

    /// <summary>Size of the terminal at the start, or null for the kernel's 0×0.</summary>
    public ConsoleSize? ConsoleSize { get; init; }

    /// <summary>Who it runs as; null is user 0, group 0.</summary>
    public ProcessUser? User { get; init; }

    /// <summary>argv; the first is looked up in the container's PATH unless it holds a slash.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>The environment, <c>NAME=value</c> each.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The five sets; null is five empty ones.</summary>
    public CapabilitySets? Capabilities { get; init; }

    /// <summary>Limits set with prlimit(2).</summary>
    public IReadOnlyList<ResourceLimit>? Rlimits { get; init; }

    /// <summary>True to set no_new_privs: no set-uid bit and no file capability has effect.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>AppArmor profile, or null.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>SELinux label, or null.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>How willingly the kernel kills it when memory ends, −1000 to 1000, or null to inherit.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>CPU scheduling, or null to inherit.</summary>
    public Scheduler? Scheduler { get; init; }

    /// <summary>Block I/O scheduling, or null to inherit.</summary>
    [JsonPropertyName("ioPriority")]
    public IoPriority? IoPriority { get; init; }

    /// <summary>CPUs of a process that joins a running container, or null.</summary>
    [JsonPropertyName("execCPUAffinity")]
    public CpuAffinity? ExecCpuAffinity { get; init; }
}
