// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>Whose user namespace a container runs in. An addition of ours to docker's document.</summary>
/// <param name="Mode"><c>private</c> or <c>host</c></param>
internal sealed record UserNamespaceDocument(string Mode)
{
    /// <summary>Why it is the host's although nobody said so; else empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the container's root is on the host while it runs; 0: in the host's namespace.</summary>
    public uint FirstId { get; init; }
}
