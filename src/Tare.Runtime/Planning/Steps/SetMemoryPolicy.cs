// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets from which memory nodes the process and its children get memory.</summary>
/// <param name="Policy">as the spec has it</param>
/// <param name="Mode">number of the mode, with MPOL_F_* flags</param>
/// <param name="Nodes">one bit for each node; empty: none</param>
/// <remarks>man set_mempolicy(2)</remarks>
internal sealed record SetMemoryPolicy(MemoryPolicy Policy, int Mode, ReadOnlyMemory<byte> Nodes) : Step
{
    private const int BitsPerByte = 8;

    public override string Action => $"set memory policy {Policy.Mode}";

    public override string Details => StepText.Join(
        Policy.Nodes is { Length: > 0 } nodes ? $"nodes {nodes}" : "", string.Join(' ', Policy.Flags ?? []));

    internal override void Lower(Lowering to) => to.Call(
        SystemCall.set_mempolicy,
        Mode,
        Nodes.Length == 0 ? Arg.Null : Arg.Bytes(Nodes.Span),
        // the kernel reads one bit less than it is told
        Nodes.Length == 0 ? 0 : (Nodes.Length * BitsPerByte) + 1);
}
