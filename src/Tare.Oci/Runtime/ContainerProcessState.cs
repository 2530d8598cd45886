// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>What goes to the listener of a seccomp filter, beside the descriptors that it names.</summary>
/// <param name="OciVersion">version of the runtime specification</param>
/// <param name="Fds">what the descriptors are, in their order</param>
/// <param name="Pid">the filtered process, as the runtime sees it</param>
/// <param name="State">of its container</param>
/// <remarks>runtime-spec v1.3 config-linux.md#the-container-process-state</remarks>
internal sealed record ContainerProcessState(string OciVersion, IReadOnlyList<string> Fds, int Pid, State State)
{
    /// <summary>The descriptor that system calls are told by.</summary>
    public const string SeccompFd = "seccompFd";

    /// <summary>The filter's <c>listenerMetadata</c>.</summary>
    public string? Metadata { get; init; }
}
