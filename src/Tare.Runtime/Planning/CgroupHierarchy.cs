// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning;

/// <summary>A cgroup v1 hierarchy of the host.</summary>
/// <param name="Directory">its directory below /sys/fs/cgroup, such as <c>cpu,cpuacct</c></param>
/// <param name="Options">what mounts it: controllers, or <c>none</c> and <c>name=systemd</c></param>
internal sealed record CgroupHierarchy(string Directory, IReadOnlyList<string> Options);
