// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>The part of a container's settings that concerns the host. Engine API v1.51 HostConfig.</summary>
internal sealed record HostConfigDocument
{
    public IReadOnlyList<string>? Binds { get; init; }

    public string ContainerIDFile { get; init; } = "";

    public LogConfigDocument? LogConfig { get; init; }

    public required string NetworkMode { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<PortBindingDocument>>? PortBindings { get; init; }

    public bool PublishAllPorts { get; init; }

    public IReadOnlyList<string>? Dns { get; init; }

    public IReadOnlyList<string>? DnsOptions { get; init; }

    public IReadOnlyList<string>? DnsSearch { get; init; }

    public IReadOnlyList<string>? Links { get; init; }

    public bool AutoRemove { get; init; }

    public required IReadOnlyList<int> ConsoleSize { get; init; }

    public IReadOnlyList<string>? CapAdd { get; init; }

    public IReadOnlyList<string>? CapDrop { get; init; }

    public string CgroupnsMode { get; init; } = "private";

    public IReadOnlyList<string>? ExtraHosts { get; init; }

    public IReadOnlyList<string>? GroupAdd { get; init; }

    public string IpcMode { get; init; } = "private";

    public string PidMode { get; init; } = "";

    public bool Privileged { get; init; }

    public bool ReadonlyRootfs { get; init; }

    public IReadOnlyList<string>? SecurityOpt { get; init; }

    public string UTSMode { get; init; } = "";

    public string UsernsMode { get; init; } = "";

    public long ShmSize { get; init; }

    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    public string Runtime { get; init; } = "tare";

    public long CpuShares { get; init; }

    public long Memory { get; init; }

    public long NanoCpus { get; init; }

    public string CgroupParent { get; init; } = "";

    public long BlkioWeight { get; init; }

    public long CpuPeriod { get; init; }

    public long CpuQuota { get; init; }

    public string CpusetCpus { get; init; } = "";

    public string CpusetMems { get; init; } = "";

    public long MemoryReservation { get; init; }

    public long MemorySwap { get; init; }

    public long PidsLimit { get; init; }

    public IReadOnlyList<UlimitDocument>? Ulimits { get; init; }

    public bool? Init { get; init; }

    public required IReadOnlyList<string> MaskedPaths { get; init; }

    public required IReadOnlyList<string> ReadonlyPaths { get; init; }
}
