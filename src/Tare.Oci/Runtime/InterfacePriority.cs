// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Priority of traffic through one interface.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#network</remarks>
internal sealed record InterfacePriority(string Name, uint Priority);
