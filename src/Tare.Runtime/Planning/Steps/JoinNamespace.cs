// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Joins an existing namespace.</summary>
/// <param name="Type">which kind</param>
/// <param name="Path">where the starter opened it</param>
/// <param name="Given">position of its descriptor</param>
internal sealed record JoinNamespace(NamespaceType Type, string Path, int Given) : Step
{
    public override string Action => $"join the {NamespaceFlags.Name(Type)} namespace {Path}";

    internal override void Lower(Lowering to) =>
        to.Call(SystemCall.setns, to.Builder.Given(Given), (long)NamespaceFlags.Of(Type));
}
