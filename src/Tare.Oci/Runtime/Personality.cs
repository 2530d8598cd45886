// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>Execution domain of the process.</summary>
/// <param name="Domain"><c>LINUX</c> or <c>LINUX32</c></param>
/// <remarks>runtime-spec v1.3 config-linux.md#personality; man personality(2)</remarks>
internal sealed record Personality(string Domain)
{
    /// <summary>Flags; the specification defines none yet.</summary>
    public IReadOnlyList<string>? Flags { get; init; }
}
