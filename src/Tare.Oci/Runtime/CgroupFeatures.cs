// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Versions and managers of cgroups that this runtime can use.</summary>
/// <remarks>runtime-spec v1.3 features-linux.md#cgroup</remarks>
internal sealed record CgroupFeatures(
    bool? V1 = null,
    bool? V2 = null,
    bool? Systemd = null,
    bool? SystemdUser = null,
    bool? Rdma = null);
