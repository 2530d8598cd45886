// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>A range of ids inside and the range outside that it stands for.</summary>
/// <param name="ContainerId">first id inside</param>
/// <param name="HostId">first id outside</param>
/// <param name="Size">number of ids</param>
/// <remarks>runtime-spec v1.3 config-linux.md#user-namespace-mappings</remarks>
internal sealed record IdMapping(
    [property: JsonPropertyName("containerID")] uint ContainerId,
    [property: JsonPropertyName("hostID")] uint HostId,
    uint Size);
