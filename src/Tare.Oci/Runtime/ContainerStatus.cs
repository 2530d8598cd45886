// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>Where in its life a container is.</summary>
/// <remarks>runtime-spec v1.3 runtime.md#state</remarks>
[JsonConverter(typeof(NamedEnumJson<ContainerStatus>))]
internal enum ContainerStatus
{
    [JsonStringEnumMemberName("creating")]
    Creating,
    [JsonStringEnumMemberName("created")]
    Created,
    [JsonStringEnumMemberName("running")]
    Running,
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}
