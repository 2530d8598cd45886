// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>The kinds of namespaces.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#namespaces; man namespaces(7)</remarks>
[JsonConverter(typeof(NamedEnumJson<NamespaceType>))]
internal enum NamespaceType
{
    [JsonStringEnumMemberName("mount")]
    Mount,
    [JsonStringEnumMemberName("pid")]
    Pid,
    [JsonStringEnumMemberName("network")]
    Network,
    [JsonStringEnumMemberName("uts")]
    Uts,
    [JsonStringEnumMemberName("ipc")]
    Ipc,
    [JsonStringEnumMemberName("user")]
    User,
    [JsonStringEnumMemberName("cgroup")]
    Cgroup,
    [JsonStringEnumMemberName("time")]
    Time,
}
