// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>Docker's default profile for docker's default capabilities: the filter of nearly every container.</summary>
/// <remarks>
/// The rules are resolved when somebody reads them. Starting a container does not: the program that they compile to is
/// kept ready (<see cref="Planning.DefaultSeccompProgram"/>), which saves a quarter of a millisecond.
/// </remarks>
internal sealed class DefaultSeccompRules : IReadOnlyList<SyscallRule>
{
    private static readonly Version OldestKernel = new(4, 8);

    private readonly Version _kernel;
    private IReadOnlyList<SyscallRule>? _rules;

    private DefaultSeccompRules(string host, Version kernel, IReadOnlyList<string> architectures)
    {
        Host = host;
        Architectures = architectures;
        _kernel = kernel;
    }

    /// <summary>GOARCH.</summary>
    public string Host { get; }

    /// <summary>Those of the filter, names as of libseccomp.</summary>
    public IReadOnlyList<string> Architectures { get; }

    public int Count => Rules.Count;

    private IReadOnlyList<SyscallRule> Rules =>
        _rules ??= SeccompProfile.Default.Resolve(Host, CapabilityNames.Default, _kernel).Syscalls ?? [];

    public SyscallRule this[int index] => Rules[index];

    /// <summary>The filter; null for other capabilities, and for a host that no program is kept for.</summary>
    public static SeccompSpec? TrySpec(IReadOnlyList<string> capabilities, HostFacts host)
    {
        IReadOnlyList<string>? architectures = host.Architecture switch
        {
            "amd64" => ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            "arm64" => ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
            _ => null,
        };
        if (architectures is null || !ReferenceEquals(capabilities, CapabilityNames.Default) || host.Kernel < OldestKernel)
        {
            return null;
        }
        return new(SeccompAction.Errno)
        {
            DefaultErrnoRet = 1,
            Architectures = architectures,
            Syscalls = new DefaultSeccompRules(host.Architecture, host.Kernel, architectures),
        };
    }

    public IEnumerator<SyscallRule> GetEnumerator() => Rules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
