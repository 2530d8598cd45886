// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Containers;
using Tare.Network;

namespace Tare.Engine.Configuration;

/// <summary>What the administrator decided for this machine; docs/config.md tells what each value is for.</summary>
internal sealed record EngineConfiguration
{
    /// <summary>docker's: 64 MiB.</summary>
    private const long UsualShmSize = 64L << 20;

    /// <summary>Nobody decided anything.</summary>
    public static readonly EngineConfiguration Default = new();

    /// <summary>The file it was read from; null when there was none.</summary>
    public string? File { get; init; }

    /// <summary>Absolute path of the store; null is for the caller to decide.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Absolute path of the run folder; null is for the caller to decide.</summary>
    public string? ExecRoot { get; init; }

    /// <summary>For containers that say nothing about their log.</summary>
    public LogConfiguration Log { get; init; } = LogConfiguration.Default;

    /// <summary>For containers that do not limit the same resource; one entry for each resource.</summary>
    public IReadOnlyList<UlimitRequest> DefaultUlimits { get; init; } = [];

    /// <summary>Where networks without a subnet of their own get one, in this order; none overlaps another. Empty:
    /// nothing was said.</summary>
    public IReadOnlyList<SubnetPool> AddressPools { get; init; } = [];

    /// <summary>Registry → what is asked before it, in this order. Keys compare without regard to case.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Uri>> Mirrors { get; init; } =
        new Dictionary<string, IReadOnlyList<Uri>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>As docker's, the loopback networks belong to them always.</summary>
    public IReadOnlyList<InsecureRegistry> InsecureRegistries { get; init; } =
        [new(null, IPNetwork.Parse("::1/128")), new(null, IPNetwork.Parse("127.0.0.0/8"))];

    /// <summary>Registry → certificates for it, beside those in docker's folder. Keys compare without regard to case.</summary>
    public IReadOnlyDictionary<string, CertificateFiles> Certificates { get; init; } =
        new Dictionary<string, CertificateFiles>(StringComparer.OrdinalIgnoreCase);

    public ProxyTexts Proxies { get; init; } = ProxyTexts.None;

    public PortsMode PortsMode { get; init; }

    /// <summary>bytes of /dev/shm for containers that do not say</summary>
    public long DefaultShmSize { get; init; } = UsualShmSize;

    public GitConfiguration Git { get; init; } = new();

    /// <summary>The cgroup above those of containers that do not say, as with <c>--cgroup-parent</c>; null: the store's.</summary>
    public string? CgroupParent { get; init; }

    /// <summary>Containers that do not say get a small init of ours as first process.</summary>
    public bool Init { get; init; }

    /// <summary>Containers that do not say run in the host's user namespace, as docker's do.</summary>
    public bool HostUsers { get; init; }

    /// <summary>As <c>--debug</c>.</summary>
    public bool Debug { get; init; }
}
