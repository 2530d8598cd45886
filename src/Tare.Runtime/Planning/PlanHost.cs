// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning;

/// <summary>All that a plan needs to know of the host and of how the container is started; compiling reads nothing else.</summary>
internal sealed record PlanHost
{
    /// <summary>The cgroup hierarchies that a container with a cgroup mount gets to see; empty: cgroup v2.</summary>
    public IReadOnlyList<CgroupHierarchy> CgroupHierarchies { get; init; } = [];

    /// <summary>How many cgroups the process joins by itself; 0 when it is born in its cgroup.</summary>
    public int CgroupCount { get; init; }

    /// <summary>How many detached mounts the starter wants to be rid of.</summary>
    public int Asides { get; init; }

    /// <summary>Capabilities in the starter's bounding set, one bit each.</summary>
    public required ulong Bounding { get; init; }

    /// <summary>Capabilities that the starter may use, one bit each.</summary>
    public required ulong Permitted { get; init; }

    /// <summary>The highest capability of the kernel: a new user namespace has them all.</summary>
    public int LastCapability { get; init; } = 40;

    /// <summary>The starter's hard limits by the name in C, where a container may ask for more than it can give.</summary>
    /// <remarks>Left out for a starter with CAP_SYS_RESOURCE, which may raise any.</remarks>
    public IReadOnlyDictionary<string, ulong>? HardLimits { get; init; }

    /// <summary>The lowest oom_score_adj that the starter may set.</summary>
    public int LowestOomScore { get; init; } = -1000;

    /// <summary>True to take the nearest value that the host allows instead of refusing limits it does not.</summary>
    public bool TakesNearestLimit { get; init; }

    /// <summary>Indices of the spec's mounts whose source is not a directory.</summary>
    public IReadOnlySet<int> FileBinds { get; init; } = new HashSet<int>();

    /// <summary>Permission bits of directories of the image that a tmpfs covers, by destination; the tmpfs takes them over.</summary>
    public IReadOnlyDictionary<string, uint> DirectoryModes { get; init; } = new Dictionary<string, uint>();

    /// <summary>The compiled filter, where the starter keeps it; null: it is compiled from the spec.</summary>
    public ReadOnlyMemory<byte>? SeccompProgram { get; init; }

    /// <summary>True on a host with AppArmor.</summary>
    public bool HasAppArmor { get; init; }

    /// <summary>True on a host with SELinux.</summary>
    public bool HasSelinux { get; init; }

    /// <summary>True to keep a small process 1 that forwards signals and reaps.</summary>
    public bool HasInit { get; init; }

    /// <summary>True to leave the process in the starter's session keyring.</summary>
    public bool KeepsKeyring { get; init; }

    /// <summary>True to stop before the program is executed until the container is started: <c>create</c> of the specification.</summary>
    public bool AwaitsStart { get; init; }

    /// <summary>True to stop when all is mounted and before the root is changed, for programs of the host's.</summary>
    public bool AwaitsHooks { get; init; }

    /// <summary>True to stop before the program is executed until the starter has made the network, which it does meanwhile.</summary>
    public bool AwaitsNetwork { get; init; }

    /// <summary>
    /// The bundle's root file system by its path on the host, where hooks find the container's while it is made; null:
    /// nobody looks for it.
    /// </summary>
    public string? RootPlace { get; init; }

    /// <summary>Path of the program inside the container where it is not the first argument; null: that is searched for.</summary>
    public string? Program { get; init; }

    /// <summary>True when the starter hands over its own end of the pipe of <see cref="GivenKind.Go"/> too, to be closed.</summary>
    public bool HandsGoEnd { get; init; }

    /// <summary>Descriptors above the standard ones that the program inherits.</summary>
    public int PreservedFds { get; init; }

    /// <summary>True when the starter has work to do on the process from outside before it goes on.</summary>
    public bool WaitsForGo { get; init; }
}
