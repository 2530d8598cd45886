// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Isolation and limits as Linux knows them.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md</remarks>
internal sealed record LinuxSpec
{
    /// <summary>Namespaces that are made new or joined; one that is not named is shared with the host.</summary>
    public IReadOnlyList<Namespace>? Namespaces { get; init; }

    /// <summary>User ids of a new user namespace.</summary>
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    /// <summary>Group ids of a new user namespace.</summary>
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }

    /// <summary>Offsets of the clocks of a new time namespace, by clock (<c>boottime</c>, <c>monotonic</c>).</summary>
    public IReadOnlyDictionary<string, TimeOffset>? TimeOffsets { get; init; }

    /// <summary>Device nodes beyond those every container gets.</summary>
    public IReadOnlyList<Device>? Devices { get; init; }

    /// <summary>Network devices of the host that move into the container, by their name on the host.</summary>
    public IReadOnlyDictionary<string, NetDevice>? NetDevices { get; init; }

    /// <summary>Where the container's cgroup is, or null for the runtime's choice.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Limits of the cgroup.</summary>
    public Resources? Resources { get; init; }

    /// <summary>Propagation of the root mount: <c>private</c>, <c>shared</c>, <c>slave</c> or <c>unbindable</c>.</summary>
    public string? RootfsPropagation { get; init; }

    /// <summary>The filter of system calls, or null for none.</summary>
    public SeccompSpec? Seccomp { get; init; }

    /// <summary>Kernel parameters of the container's namespaces, name to value.</summary>
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    /// <summary>Paths that read as empty.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that cannot be written.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>SELinux label of the mounts.</summary>
    public string? MountLabel { get; init; }

    /// <summary>Intel's cache and memory bandwidth control.</summary>
    public IntelRdt? IntelRdt { get; init; }

    /// <summary>NUMA placement of the process's memory.</summary>
    public MemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>Execution domain.</summary>
    public Personality? Personality { get; init; }
}
