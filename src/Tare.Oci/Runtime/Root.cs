// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>The container's root file system.</summary>
/// <param name="Path">directory on the host, absolute or relative to the bundle</param>
/// <remarks>runtime-spec v1.3 config.md#root</remarks>
internal sealed record Root(string Path)
{
    /// <summary>True to make it read-only inside the container.</summary>
    public bool Readonly { get; init; }
}
