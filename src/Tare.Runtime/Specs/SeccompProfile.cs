// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>A filter of system calls before it is known where it runs: docker's profile format, of which the runtime
/// specification's is the part without conditions.</summary>
internal sealed partial record SeccompProfile(SeccompAction DefaultAction)
{
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Names as of libseccomp; not beside <see cref="ArchMap"/>.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>The architectures by that of the host.</summary>
    public IReadOnlyList<SeccompArchMap>? ArchMap { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public IReadOnlyList<SeccompProfileRule>? Syscalls { get; init; }

    /// <summary>The filter for one container: the rules whose conditions hold, and a last one for the calls of the
    /// others, so that whoever compiles it can tell "known and denied" from "newer than the profile".</summary>
    /// <param name="architecture">GOARCH of the host</param>
    /// <param name="capabilities">the container's bounding set</param>
    /// <param name="kernel">version of the running kernel</param>
    public SeccompSpec Resolve(string architecture, IReadOnlyList<string> capabilities, Version kernel)
    {
        List<SyscallRule> rules = [];
        HashSet<string> denied = new(StringComparer.Ordinal);
        foreach (SeccompProfileRule rule in Syscalls ?? [])
        {
            if (rule.Applies(architecture, capabilities, kernel))
            {
                rules.Add(rule.Rule);
            }
            else
            {
                denied.UnionWith(rule.AllNames);
            }
        }
        foreach (SyscallRule rule in rules)
        {
            denied.ExceptWith(rule.Names);
        }
        if (denied.Count > 0)
        {
            rules.Add(new SyscallRule([.. denied], DefaultAction) { ErrnoRet = DefaultErrnoRet });
        }
        string native = NativeName(architecture);
        return new SeccompSpec(DefaultAction)
        {
            DefaultErrnoRet = DefaultErrnoRet,
            Architectures =
                ArchMap?.FirstOrDefault(map => map.Architecture == native)?.All ?? Architectures ?? [native],
            Flags = Flags,
            Syscalls = rules,
        };
    }

    /// <summary>The name of libseccomp's for a GOARCH.</summary>
    private static string NativeName(string architecture) => architecture switch
    {
        "amd64" => "SCMP_ARCH_X86_64",
        "arm64" => "SCMP_ARCH_AARCH64",
        _ => throw new TareException(ErrorKind.NotSupported, $"seccomp on {architecture}"),
    };
}
