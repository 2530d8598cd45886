// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>Where a container's memory is to be.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#memory-policy; man set_mempolicy(2)</remarks>
internal static class MemoryPolicyCheck
{
    private const string StaticNodes = "MPOL_F_STATIC_NODES";
    private const string RelativeNodes = "MPOL_F_RELATIVE_NODES";

    private static readonly string[] Modes =
    [
        "MPOL_DEFAULT", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_WEIGHTED_INTERLEAVE", "MPOL_PREFERRED",
        "MPOL_PREFERRED_MANY", "MPOL_LOCAL",
    ];

    private static readonly string[] Flags = ["MPOL_F_NUMA_BALANCING", RelativeNodes, StaticNodes];

    public static void Check(MemoryPolicy? policy)
    {
        if (policy is null)
        {
            return;
        }

        SpecFault.WantOneOf("linux.memoryPolicy.mode", "mode", policy.Mode, Modes);
        CheckNodes(policy, policy.Nodes ?? "");
        for (int i = 0; i < policy.Flags?.Count; i++)
        {
            SpecFault.WantOneOf($"linux.memoryPolicy.flags[{i}]", "flag", policy.Flags[i], Flags);
        }

        if (policy.Flags is { } flags && flags.Contains(StaticNodes) && flags.Contains(RelativeNodes))
        {
            throw SpecFault.At("linux.memoryPolicy.flags", $"{StaticNodes} and {RelativeNodes} exclude each other");
        }
    }

    private static void CheckNodes(MemoryPolicy policy, string nodes)
    {
        const string At = "linux.memoryPolicy.nodes";
        bool hasNone = policy.Mode is "MPOL_DEFAULT" or "MPOL_LOCAL";
        if (nodes.Length > 0)
        {
            SpecFault.WantNumberList(At, nodes);
            _ = hasNone ? throw SpecFault.At(At, $"{policy.Mode} has none") : nodes;
        }
        else if (!hasNone && policy.Mode != "MPOL_PREFERRED")
        {
            throw SpecFault.At(At, $"{policy.Mode} needs some");
        }
    }
}
