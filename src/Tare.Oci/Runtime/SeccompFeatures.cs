// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>What this runtime's filters of system calls can do.</summary>
/// <remarks>runtime-spec v1.3 features-linux.md#seccomp</remarks>
internal sealed record SeccompFeatures(bool? Enabled = null)
{
    /// <summary>Actions.</summary>
    public IReadOnlyList<SeccompAction>? Actions { get; init; }

    /// <summary>Comparisons.</summary>
    public IReadOnlyList<SeccompOperator>? Operators { get; init; }

    /// <summary>Architectures, names as of libseccomp.</summary>
    public IReadOnlyList<string>? Archs { get; init; }

    /// <summary>Flags that are recognised.</summary>
    public IReadOnlyList<string>? KnownFlags { get; init; }

    /// <summary>Flags that work on this kernel.</summary>
    public IReadOnlyList<string>? SupportedFlags { get; init; }
}
