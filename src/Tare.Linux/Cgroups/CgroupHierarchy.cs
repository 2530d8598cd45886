// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>One mounted tree of cgroups.</summary>
/// <param name="MountPoint">a path of the host</param>
/// <param name="Controllers">of v1: those that live here (none for a named tree); of v2: unused, see CgroupHost</param>
/// <param name="IsUnified">v2</param>
internal sealed record CgroupHierarchy(string MountPoint, CgroupControllers Controllers, bool IsUnified)
{
    internal string PathOf(string parent, string name) => $"{MountPoint}/{parent}/{name}";

    internal string PathOf(string parent) => $"{MountPoint}/{parent}";
}
