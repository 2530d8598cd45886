// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>What this runtime can do on Linux.</summary>
/// <remarks>runtime-spec v1.3 features-linux.md</remarks>
internal sealed record LinuxFeatures
{
    /// <summary>Kinds of namespaces.</summary>
    public IReadOnlyList<NamespaceType>? Namespaces { get; init; }

    /// <summary>Capabilities by name.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Versions and managers of cgroups.</summary>
    public CgroupFeatures? Cgroup { get; init; }

    /// <summary>Filters of system calls.</summary>
    public SeccompFeatures? Seccomp { get; init; }

    /// <summary>AppArmor.</summary>
    public FeatureSwitch? Apparmor { get; init; }

    /// <summary>SELinux.</summary>
    public FeatureSwitch? Selinux { get; init; }

    /// <summary>Intel's cache and memory bandwidth control.</summary>
    public FeatureSwitch? IntelRdt { get; init; }

    /// <summary>Mounts beyond mount(2).</summary>
    public MountExtensions? MountExtensions { get; init; }

    /// <summary>Moving network devices.</summary>
    public FeatureSwitch? NetDevices { get; init; }
}
