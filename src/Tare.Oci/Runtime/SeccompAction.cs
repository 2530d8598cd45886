// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>What a filter does to a system call; names as of libseccomp.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#seccomp; man seccomp(2)</remarks>
[JsonConverter(typeof(NamedEnumJson<SeccompAction>))]
internal enum SeccompAction
{
    [JsonStringEnumMemberName("SCMP_ACT_KILL")]
    Kill,
    [JsonStringEnumMemberName("SCMP_ACT_KILL_PROCESS")]
    KillProcess,
    [JsonStringEnumMemberName("SCMP_ACT_KILL_THREAD")]
    KillThread,
    [JsonStringEnumMemberName("SCMP_ACT_TRAP")]
    Trap,
    [JsonStringEnumMemberName("SCMP_ACT_ERRNO")]
    Errno,
    [JsonStringEnumMemberName("SCMP_ACT_TRACE")]
    Trace,
    [JsonStringEnumMemberName("SCMP_ACT_ALLOW")]
    Allow,
    [JsonStringEnumMemberName("SCMP_ACT_LOG")]
    Log,
    [JsonStringEnumMemberName("SCMP_ACT_NOTIFY")]
    Notify,
}
