// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;

namespace Tare.Runtime.Planning;

/// <summary>NUMA placement of a spec as set_mempolicy(2) takes it.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#memory-policy; linux/mempolicy.h</remarks>
internal static class MemoryPolicies
{
    private static readonly string[] Modes =
    [
        "MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED_MANY",
        "MPOL_WEIGHTED_INTERLEAVE",
    ];

    private static readonly string[] WithNodes =
        ["MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE"];

    private static readonly Dictionary<string, int> Flags = new(StringComparer.Ordinal)
    {
        ["MPOL_F_NUMA_BALANCING"] = 1 << 13,
        ["MPOL_F_RELATIVE_NODES"] = 1 << 14,
        ["MPOL_F_STATIC_NODES"] = 1 << 15,
    };

    /// <exception cref="TareException">InvalidArgument: no such mode, flag or list, or nodes where none belong</exception>
    public static SetMemoryPolicy Step(MemoryPolicy policy)
    {
        int mode = Array.IndexOf(Modes, policy.Mode);
        bool hasNodes = policy.Nodes is { Length: > 0 };
        if (mode < 0)
        {
            throw Invalid($"no mode '{policy.Mode}'");
        }

        if (hasNodes && policy.Mode is "MPOL_DEFAULT" or "MPOL_LOCAL" || (!hasNodes && WithNodes.Contains(policy.Mode)))
        {
            throw Invalid($"{policy.Mode} goes {(hasNodes ? "without" : "with")} nodes");
        }

        foreach (string flag in policy.Flags ?? [])
        {
            mode |= Flags.TryGetValue(flag, out int bit) ? bit : throw Invalid($"no flag '{flag}'");
        }

        return new(policy, mode, hasNodes ? Nodes(policy.Nodes!) : default);
    }

    private static byte[] Nodes(string list) =>
        CpuSet.TryParse(list, out CpuSet? set) ? set.ToMask() : throw Invalid($"'{list}' is no list of nodes");

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, $"memoryPolicy: {message}");
}
