// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Oci.Runtime;

/// <summary>Comparisons of a filter; names as of libseccomp, unsigned 64 bits.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#seccomp</remarks>
[JsonConverter(typeof(NamedEnumJson<SeccompOperator>))]
internal enum SeccompOperator
{
    [JsonStringEnumMemberName("SCMP_CMP_NE")]
    NotEqual,
    [JsonStringEnumMemberName("SCMP_CMP_LT")]
    Less,
    [JsonStringEnumMemberName("SCMP_CMP_LE")]
    LessOrEqual,
    [JsonStringEnumMemberName("SCMP_CMP_EQ")]
    Equal,
    [JsonStringEnumMemberName("SCMP_CMP_GE")]
    GreaterOrEqual,
    [JsonStringEnumMemberName("SCMP_CMP_GT")]
    Greater,
    [JsonStringEnumMemberName("SCMP_CMP_MASKED_EQ")]
    MaskedEqual,
}
