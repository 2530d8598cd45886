// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>What the user asked of one container; with the image's config it decides the container's spec.</summary>
/// <remarks>Values are parsed (see <c>Options/</c>) but not yet held against image and host: that is
/// <see cref="ContainerSpec.Build"/>. Null always means "not said".</remarks>
/// <param name="Id">64 hex digits; the first 12 are the default host name</param>
internal sealed record ContainerOptions(string Id)
{
    /// <summary>Replaces the image's entrypoint and drops its command; one empty text, or none, clears it.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Replaces the image's command; empty leaves it.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary><c>NAME=value</c> sets; <c>NAME</c> alone removes. The caller has put in values of its own
    /// environment.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Replaces the image's working directory; absolute.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Replaces the image's user: <c>user[:group]</c>, names or numbers.</summary>
    public string? User { get; init; }

    /// <summary>Supplementary groups beyond those of the user, names or numbers.</summary>
    public IReadOnlyList<string> GroupAdd { get; init; } = [];

    public string? Hostname { get; init; }

    public string? Domainname { get; init; }

    /// <summary>A terminal for standard input, output and error.</summary>
    public bool Tty { get; init; }

    /// <summary>Standard input stays open; nothing of the spec depends on it.</summary>
    public bool Interactive { get; init; }

    /// <summary>Process 1 is a small reaper of ours; nothing of the spec depends on it.</summary>
    public bool Init { get; init; }

    public NetworkMode Network { get; init; } = NetworkMode.Private;

    /// <summary>The network namespace that is joined, <c>/proc/PID/ns/net</c>; null: a new one, or the host's.</summary>
    public string? NetworkPath { get; init; }

    /// <summary>The user namespace that is joined, whose the joined network is and whose maps are <see cref="Users"/>; null: a new one, or the host's.</summary>
    public string? UsersPath { get; init; }

    /// <summary>Binds and tmpfs, as the user gave them; the caller has turned volumes into binds.</summary>
    public IReadOnlyList<MountOption> Mounts { get; init; } = [];

    /// <summary>Files of the engine's (hosts, hostname, resolv.conf); a mount of the user's at the same place
    /// wins.</summary>
    public IReadOnlyList<BindMount> EngineFiles { get; init; } = [];

    /// <summary>The root file system is read-only.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>Bytes of /dev/shm.</summary>
    public long ShmSize { get; init; } = 64 << 20;

    public IReadOnlyList<string> CapAdd { get; init; } = [];

    public IReadOnlyList<string> CapDrop { get; init; } = [];

    /// <summary>All capabilities and devices, no filter, no masks.</summary>
    public bool Privileged { get; init; }

    /// <summary>A private user namespace; null: the host's.</summary>
    public UserRange? Users { get; init; }

    public SecurityOptions Security { get; init; } = new();

    /// <summary>Device nodes to make, looked up on the host by the caller.</summary>
    public IReadOnlyList<DeviceGrant> Devices { get; init; } = [];

    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    public ResourceOptions Resources { get; init; } = new();

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>−1000 to 1000, or null to inherit.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>Where the container's cgroup is, or null for the runtime's choice.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Name or number; the keeper's matter, not the spec's.</summary>
    public string? StopSignal { get; init; }

    /// <summary>The record's matter, never policy.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
