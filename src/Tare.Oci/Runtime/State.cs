// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>What a runtime tells about a container; also what a hook reads from standard input.</summary>
/// <param name="OciVersion">version of the runtime specification</param>
/// <param name="Id">the container's id</param>
/// <param name="Status">where in its life it is</param>
/// <param name="Bundle">absolute path of the bundle</param>
/// <remarks>runtime-spec v1.3 runtime.md#state</remarks>
internal sealed record State(string OciVersion, string Id, ContainerStatus Status, string Bundle)
{
    /// <summary>Process id as the host sees it; null when it does not exist.</summary>
    public int? Pid { get; init; }

    /// <summary>As in the container's <see cref="Spec"/>.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
