// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Planning;

/// <summary>What docker's default filter compiles to, kept ready; a test compiles it again and compares.</summary>
internal static partial class DefaultSeccompProgram
{
    /// <summary>struct sock_filter[], 8 bytes each; empty when the filter is another.</summary>
    public static ReadOnlySpan<byte> Of(SeccompSpec spec) =>
        spec is { DefaultAction: SeccompAction.Errno, DefaultErrnoRet: 1, Syscalls: DefaultSeccompRules rules }
            && ReferenceEquals(spec.Architectures, rules.Architectures)
            ? Of(rules.Host)
            : default;

    /// <summary>For a host of this GOARCH.</summary>
    public static ReadOnlySpan<byte> Of(string host) => host switch
    {
        "amd64" => Amd64,
        "arm64" => Arm64,
        _ => default,
    };
}
