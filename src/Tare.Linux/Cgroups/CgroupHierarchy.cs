// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>One mounted tree of cgroups.</summary>
/// <param name="MountPoint">a path of the host</param>
/// <param name="Controllers">of v1: those that live here (none for a named tree); of v2: unused, see CgroupHost</param>
/// <param name="IsUnified">v2</param>
/// <param name="Options">what mounts a v1 tree again: <c>cpu,cpuacct</c> or <c>none,name=systemd</c>; empty for v2</param>
internal sealed record CgroupHierarchy(
    string MountPoint, CgroupControllers Controllers, bool IsUnified, string Options = "")
{
    /// <summary>What the mount shows of the tree: paths of /proc/PID/cgroup begin with it. <c>/</c> is all of it.</summary>
    internal string Root { get; init; } = "/";

    /// <summary>The last part of the mount point, such as <c>cpu,cpuacct</c>.</summary>
    internal string Name => MountPoint[(MountPoint.LastIndexOf('/') + 1)..];

    internal string PathOf(string parent, string name) => $"{MountPoint}/{parent}/{name}";

    internal string PathOf(string parent) => $"{MountPoint}/{parent}";
}
