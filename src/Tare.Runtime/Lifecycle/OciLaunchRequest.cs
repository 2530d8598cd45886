// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Lifecycle;

/// <summary>What <c>create</c> and <c>run</c> are asked for.</summary>
/// <param name="Root">the runtime's root</param>
/// <param name="Id">of the new container</param>
/// <param name="Bundle">absolute path</param>
/// <param name="Spec">checked</param>
/// <param name="Config">the bytes that the spec was read from</param>
internal sealed record OciLaunchRequest(string Root, string Id, string Bundle, Spec Spec, ReadOnlyMemory<byte> Config)
{
    /// <summary>Gets the process's number as soon as it is there; null: none.</summary>
    public string? PidFile { get; init; }

    /// <summary>A socket that gets the master of the process's terminal; null: none.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>The process shares the caller's session keyring.</summary>
    public bool KeepsKeyring { get; init; }

    /// <summary>Descriptors above the standard ones that the process inherits.</summary>
    public int PreservedFds { get; init; }
}
