// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>A network device that moves into the container.</summary>
/// <param name="Name">its name inside, or null to keep it</param>
/// <remarks>runtime-spec v1.3 config-linux.md#network-devices</remarks>
internal sealed record NetDevice(string? Name = null);
