// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>NUMA placement of a process's memory.</summary>
/// <param name="Mode">name as in C, such as <c>MPOL_BIND</c></param>
/// <remarks>runtime-spec v1.3 config-linux.md#memory-policy; man set_mempolicy(2)</remarks>
internal sealed record MemoryPolicy(string Mode)
{
    /// <summary>Nodes, such as <c>0-1,3</c>.</summary>
    public string? Nodes { get; init; }

    /// <summary>Names as in C, such as <c>MPOL_F_STATIC_NODES</c>.</summary>
    public IReadOnlyList<string>? Flags { get; init; }
}
