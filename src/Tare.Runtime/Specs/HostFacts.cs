// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>What a spec depends on of the machine it will run on.</summary>
/// <param name="Architecture">GOARCH: amd64, arm64</param>
/// <param name="Kernel">version of the running kernel; major and minor count</param>
/// <param name="Hostname">the host's name, for containers on the host's network</param>
/// <param name="CpuCount">CPUs that are online</param>
internal sealed record HostFacts(string Architecture, Version Kernel, string Hostname, int CpuCount)
{
    /// <summary>The newest capability that the kernel has (/proc/sys/kernel/cap_last_cap).</summary>
    public int LastCapability { get; init; } = CapabilityNames.Newest;

    /// <summary>The kernel runs AppArmor; without it a profile that the user names has no effect, as in docker.</summary>
    public bool HasAppArmor { get; init; }

    /// <summary>Paths to mask beyond the fixed list: each CPU's thermal_throttle directory that exists.</summary>
    public IReadOnlyList<string> MaskedPaths { get; init; } = [];

    /// <summary>The nodes of the host's /dev; only read for privileged containers.</summary>
    public IReadOnlyList<DeviceGrant> Devices { get; init; } = [];
}
