// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Limit of one RDMA device; null is unlimited.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#rdma</remarks>
internal sealed record RdmaLimit(uint? HcaHandles = null, uint? HcaObjects = null);
