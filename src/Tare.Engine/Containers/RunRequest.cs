// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Networks;

namespace Tare.Engine.Containers;

/// <summary>What somebody asked of a new container, checked for form and not yet against image or host.</summary>
/// <remarks>Null and empty mean that nothing was said, so that the image or the default decides.</remarks>
internal sealed record RunRequest
{
    /// <summary>As typed: a reference or an id prefix.</summary>
    public required string Image { get; init; }

    /// <summary>Command and arguments; replaces the image's CMD when not empty.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Null keeps the image's; an empty string removes it.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>Standard input stays open.</summary>
    public bool Interactive { get; init; }

    /// <summary>The container gets a terminal of its own.</summary>
    public bool Tty { get; init; }

    /// <summary>Its input comes from whoever starts it, and ends with that.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>Its output is shown by whoever starts it.</summary>
    public bool AttachStdout { get; init; }

    /// <inheritdoc cref="AttachStdout"/>
    public bool AttachStderr { get; init; }

    /// <summary>Removed with its anonymous volumes as soon as it has ended.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Null draws one.</summary>
    public string? Name { get; init; }

    /// <summary><c>NAME=value</c> sets, <c>NAME</c> alone takes away what the image sets; the last one wins.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Absolute path inside the container.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>name|uid[:group|gid]</c>.</summary>
    public string? User { get; init; }

    /// <summary>Names or numbers of further groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public string? Hostname { get; init; }

    /// <summary>Binds, volumes and tmpfs, in the order given; one target occurs once.</summary>
    public IReadOnlyList<MountRequest> Mounts { get; init; } = [];

    public IReadOnlyList<DeviceRequest> Devices { get; init; } = [];

    /// <summary>The root file system is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>As typed, such as <c>NET_ADMIN</c>, <c>CAP_CHOWN</c>, <c>ALL</c>.</summary>
    public IReadOnlyList<string> CapabilitiesAdded { get; init; } = [];

    /// <inheritdoc cref="CapabilitiesAdded"/>
    public IReadOnlyList<string> CapabilitiesDropped { get; init; } = [];

    public bool Privileged { get; init; }

    /// <summary>As typed, such as <c>no-new-privileges</c>, <c>seccomp=unconfined</c>.</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    public IReadOnlyList<UlimitRequest> Ulimits { get; init; } = [];

    /// <summary>bytes</summary>
    public long? Memory { get; init; }

    /// <summary>bytes of memory and swap together; -1 is no limit</summary>
    public long? MemorySwap { get; init; }

    /// <summary>bytes that it is pressed down to when others need memory</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>billionths of a CPU</summary>
    public long? NanoCpus { get; init; }

    /// <summary>relative weight, 2 to 262144</summary>
    public long? CpuShares { get; init; }

    /// <summary>µs of CPU per period; -1 is no limit</summary>
    public long? CpuQuota { get; init; }

    /// <summary>µs</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>A list such as <c>0-2,4</c>.</summary>
    public string? CpusetCpus { get; init; }

    /// <summary>Memory nodes, a list such as <c>0-1</c>.</summary>
    public string? CpusetMems { get; init; }

    /// <summary>relative weight of its reading and writing, 10 to 1000; 0 is none</summary>
    public long? BlkioWeight { get; init; }

    /// <summary>processes and threads; 0 and -1 are no limit</summary>
    public long? PidsLimit { get; init; }

    /// <summary>
    /// The cgroup above its own, as typed: from the root of each hierarchy, or, without a slash in front, from where the process
    /// is that starts it; null and empty: the store's.
    /// </summary>
    public string? CgroupParent { get; init; }

    /// <summary>bytes of /dev/shm; 0 is for the configuration to decide</summary>
    public long ShmSize { get; init; }

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary><c>none</c>, <c>host</c>, or the first of its networks; null is the default.</summary>
    public string? Network { get; init; }

    /// <summary>Its networks; empty: the one of <see cref="Network"/>.</summary>
    public IReadOnlyList<NetworkAttachment> Networks { get => field ?? []; init; } = [];

    /// <summary>Ports of the host that lead to it.</summary>
    public IReadOnlyList<PortRequest> Ports { get => field ?? []; init; } = [];

    /// <summary>As typed: ports that it says it listens at.</summary>
    public IReadOnlyList<string> Exposed { get => field ?? []; init; } = [];

    /// <summary>Every port that it or its image exposes is published at a free one of the host.</summary>
    public bool PublishAll { get; init; }

    /// <summary>Addresses of name servers; empty: the host's.</summary>
    public IReadOnlyList<string> Dns { get => field ?? []; init; } = [];

    public IReadOnlyList<string> DnsOptions { get => field ?? []; init; } = [];

    public IReadOnlyList<string> DnsSearch { get => field ?? []; init; } = [];

    /// <summary><c>name:address</c>; the address may be <c>host-gateway</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get => field ?? []; init; } = [];

    /// <summary><c>container[:alias]</c>.</summary>
    public IReadOnlyList<string> Links { get => field ?? []; init; } = [];

    public string? Domainname { get; init; }

    /// <summary><c>private</c>, <c>host</c>; null and empty: private where that is possible.</summary>
    public string? UserNamespace { get; init; }

    /// <summary>A small init of ours is the first process; null is for the configuration to decide.</summary>
    public bool? Init { get; init; }

    /// <summary>Name or number.</summary>
    public string? StopSignal { get; init; }

    /// <summary>seconds that it has to end after the stop signal; -1 waits for ever; null is the default</summary>
    public int? StopTimeout { get; init; }

    /// <summary><c>json-file</c> or <c>none</c>; null is for the configuration to decide.</summary>
    public string? LogDriver { get; init; }

    /// <summary>Option of the driver → value, as typed.</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>What is kept of its output: the two above, once the configuration has been asked.</summary>
    public LogConfiguration? Log { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary><c>os/arch[/variant]</c>.</summary>
    public string? Platform { get; init; }

    public PullPolicy Pull { get; init; }

    /// <summary>No progress of a pull is printed.</summary>
    public bool Quiet { get; init; }

    /// <summary>The container's id is written to this new file.</summary>
    public string? CidFile { get; init; }
}
